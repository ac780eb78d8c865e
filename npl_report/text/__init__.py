"""Words, numbers as text, and prose.

The set of languages is the set of files; nothing falls back to another language.
"""
