"""Editions to investors: by mail, or as one file."""
