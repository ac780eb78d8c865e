"""Chinese: no line begins with a mark or is one character, and nothing is slanted, in the works cited either."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pymupdf
import pytest

from npl_report.typesetting.pandoc import Pandoc
from tests.helpers.running import ROOT

CLOSING = "，。、；：！？）》」』】”’"
OPENING = "（《「『【“‘"


def html(tag: str, text: str, tmp_path: Path, **given: Path) -> str:
    """In the form of a language's citations; Italian cites no Chinese work of its own, and takes those of English."""
    language = tag[:2]
    form = ROOT / ("report" if language != "it" else "samples/euro/report") / language
    works = ROOT / "report" / (language if language != "it" else "en")
    pandoc = Pandoc(tag, works / "references.bib", form / "citations.csl", tmp_path, **given)
    return pandoc.html(text, "page.qmd").html


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("高于$R_1$，每一元中取得（$S$）。", ["$R_1$，", "（$S$）。"]),
        ("- 利息；\n- 本金。", ["利息；", "本金。"]),
        ("回收率为$R_i$的平均", []),
    ],
)
def test_a_formula_and_the_end_of_a_paragraph_keep_their_marks(text: str, kept: list[str], tmp_path: Path) -> None:
    made = re.findall(r'<span class="kept">(.*?)</span>', html("zh-Hans", text, tmp_path), re.DOTALL)
    assert [
        re.sub(r"<math.*x-tex.>(.*?)</annotation>.*</math>", r"$\1$", part, flags=re.DOTALL) for part in made
    ] == kept


def test_other_languages_break_as_they_do(tmp_path: Path) -> None:
    assert "kept" not in html("en", "Above $R_1$, each.", tmp_path)


def test_chinese_titles_are_upright(tmp_path: Path) -> None:
    for tag in ("en", "it"):
        entry = html(tag, "As in @report1.\n\n::: {#refs}\n:::\n", tmp_path)
        assert re.search(r"<em>.*<em>[\u4e00-\u9fff（）]+</em>.*</em>", entry, re.DOTALL), entry
    assert "<em>" not in html("zh-Hans", "见@report1、@mack1993。\n\n::: {#refs}\n:::\n", tmp_path)
    for sheet in ("html/assets/site.css", "print/note.css"):
        assert ":lang(zh) :is(em, i, cite), em em { font-style: normal; }" in (ROOT / "templates" / sheet).read_text()


def test_lines_of_the_note(built: Path) -> None:
    wrong = []
    with pymupdf.open(built / "zh" / "note.pdf") as pdf:
        pages = [page.get_text("dict")["blocks"] for page in list(pdf)]
    for number, blocks in enumerate(pages, start=1):
        for block in blocks:
            lines = [
                (line["bbox"], "".join(span["text"] for span in line["spans"]).strip())
                for line in block.get("lines", ())
            ]
            left = min((box[0] for box, _ in lines), default=0.0)
            for (above, before), (box, text) in pairwise(lines):
                if box[1] > above[3] - 3 and box[0] < left + 3 and text[:1] and text[0] in CLOSING:
                    wrong.append(f"page {number}: {before[-8:]} / {text[:8]}")
                if box[1] > above[3] - 3 and before[-1:] and before[-1] in OPENING:
                    wrong.append(f"page {number}: {before[-8:]} / {text[:8]}")
    assert wrong == []
