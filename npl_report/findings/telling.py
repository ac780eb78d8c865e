"""A finding in a language: its sentences, rendered as prose is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from npl_report.findings import Facts, Sentence, catalogue
from npl_report.model import DefinitionError, nearest
from npl_report.text.binding import BindingError
from npl_report.text.prose import prose_environment, render_text
from npl_report.text.words import Words, finding_words

_BLOCK = "- ", "#. ", "```"
"""What begins a block of its own: an item of a list, or raw HTML."""
_OPENING = "**", "[**"
"""How a sentence begins that opens a paragraph of its own: with what it is about, in bold."""


class Telling:
    """Tells findings in a language, with the helpers of a page.

    ``context`` is what its prose may use: a sentence that names a table or a page does it in the page's medium.
    ``claimed``: whether each sentence stands in the claim that it makes.
    """

    def __init__(self, language: str, context: Mapping[str, Any], *, claimed: bool = False) -> None:
        self._language, self._context, self._claimed = language, context, claimed
        self._words: dict[str, Words] = {}

    def __call__(self, name: str) -> str:
        """The sentences of a finding, items of lists in lines of their own; empty where there is nothing to say.

        BindingError for an unknown one.
        """
        if name not in catalogue():
            raise BindingError(f"there is no finding {name!r}", nearest(name, catalogue()))
        chapter, _, key = name.partition(".")
        if chapter not in self._words:
            self._words[chapter] = finding_words(self._language, chapter)
        words = self._words[chapter]
        said = catalogue()[name](Facts(self._context))
        texts = ((self._told(sentence, words, key), sentence.that) for sentence in said)
        return self._joined(self._claim(text, that) for text, that in texts if text)

    def _claim(self, text: str, that: str) -> str:
        """A sentence in its claim, behind the mark of a list's item."""
        if not that or not self._claimed:
            return text
        mark = next((mark for mark in _BLOCK if text.startswith(mark)), "")
        return f'{mark}[{text.removeprefix(mark)}]{{.claim that="{that}"}}'

    def _joined(self, texts: Iterable[str]) -> str:
        """Sentences one after the other, and a list after them; what opens a paragraph begins one."""
        whole = ""
        for text in texts:
            if text.startswith(_OPENING):
                between = "\n\n"
            elif not text.startswith(_BLOCK):
                between = "\n" if whole.startswith(_BLOCK) else str(self._context["words"]["ui.between_sentences"])
            else:
                between = "\n" if whole.rpartition("\n")[2].startswith(_BLOCK) else "\n\n"
            whole += between + text if whole else text
        return whole

    def _told(self, sentence: Sentence, words: Words, key: str) -> str:
        """A sentence with its parts."""
        name = sentence.words if "." in sentence.words else f"{key}.{sentence.words}"
        if hidden := self._context.keys() & sentence.given.keys():
            raise DefinitionError(f"finding {name}: {', '.join(sorted(hidden))} would hide what prose may use")
        given = {part: self._part(value, words, key) for part, value in sentence.given.items()}
        return render_text(
            prose_environment(), str(words[name]), {**self._context, **given}, words.source_file, name
        ).strip("\n")

    def _part(self, value: object, words: Words, key: str) -> object:
        if isinstance(value, Sentence):
            return self._told(value, words, key)
        if isinstance(value, list):
            return [self._part(item, words, key) for item in value]
        return value
