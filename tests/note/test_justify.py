"""Lines as the PDF engine lays them out: in Chinese they end at the margin, and none begins with a closing mark."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from npl_report.note.pdf import _fetcher, _weasyprint
from npl_report.typesetting.fonts import FACES, cut

pytestmark = pytest.mark.pdf
CHINESE = (
    "对公类不良的平均累计回收率为31.41%，个人抵押类不良为54.76%，个人信用类不良为13.13%（表8、图8）；各类截点（见“统计截点”）对应的存续期不同，比较时应一并考虑。"
    * 2
)
ENGLISH = (
    "Mean cumulative recovery is 31.41% for corporate deals, 54.76% for mortgage deals and 13.13% for "
    "unsecured retail deals. "
) * 3
WIDTH = 300.0  # pixels
CSS = (
    f'@font-face {{ font-family: "NPL Sans"; src: url("npl:sans.otf") }} @page {{ margin: 0 }} '
    f'body {{ margin: 0; width: {WIDTH}px; font: 12px "NPL Sans"; text-align: justify }} p {{ margin: 0 }}'
)


@pytest.fixture(scope="module")
def face(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    letters = frozenset(map(chr, range(0x20, 0x7F))) | frozenset(CHINESE)
    return cut(FACES[0], letters, tmp_path_factory.mktemp("fonts"))


def lines(
    face: bytes, language: str, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> list[tuple[str, float]]:
    """Text and right end of every line."""
    fonts = tmp_path / "fonts.conf"
    fonts.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM '
        f'"urn:fontconfig:fonts.dtd"><fontconfig><cachedir>{tmp_path}</cachedir></fontconfig>'
    )
    monkeypatch.setenv("FONTCONFIG_FILE", str(fonts))
    weasyprint = _weasyprint()
    from npl_report.note.justification import justify_chinese

    justify_chinese()
    html = f'<html lang="{language}"><style>{CSS}</style><p>{text}</p></html>'
    document = weasyprint.HTML(
        string=html, base_url="npl:", url_fetcher=_fetcher(weasyprint, {"sans.otf": face})
    ).render()
    found = []
    for line in boxes(document.pages[0]._page_box, "LineBox"):
        texts = list(boxes(line, "TextBox"))
        found.append(("".join(box.text for box in texts), texts[-1].position_x + texts[-1].width))
    return found


def boxes(box: Any, kind: str) -> Iterator[Any]:
    """Boxes of a kind, in order."""
    if type(box).__name__ == kind:
        yield box
    for child in getattr(box, "children", ()):
        yield from boxes(child, kind)


@pytest.mark.parametrize(
    "text", [CHINESE, CHINESE.replace("54.76%", "<b>54.76%</b>").replace("表8", '<a href="#x">表8</a>')]
)
def test_chinese_lines_end_at_the_margin(face: bytes, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """To a tenth of a pixel, also where a line holds bold type and links.

    The last line of the paragraph is as long as its text.
    """
    *full, last = lines(face, "zh-Hans", text, tmp_path, monkeypatch)
    assert len(full) >= 5
    assert {round(end, 1) for _, end in full} == {WIDTH}
    assert last[1] < WIDTH - 10


def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one(
    face: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """At every width: the paragraph is set in columns of each width from 12 to 40 characters."""
    for characters in range(12, 41):
        text = f'<span style="display:block;width:{characters * 12}px">{CHINESE}</span>'
        for line, _ in lines(face, "zh-Hans", text, tmp_path, monkeypatch):
            assert line[0] not in "，。；、：？！）》”%", (characters, line)
            assert line[-1] not in "（《“", (characters, line)


def test_a_line_that_would_be_torn_stays_short(face: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Thirteen characters and a word of thirty letters that does not fit beside them.

    The gap would be a whole character, the limit is a tenth.
    """
    first, *_ = lines(face, "zh-Hans", "对公类不良的平均累计回收率" + "x" * 30, tmp_path, monkeypatch)
    assert first == ("对公类不良的平均累计回收率", pytest.approx(13 * 12))


def test_other_languages_keep_to_their_spaces(face: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """An English line ends at the margin too, and no letter of it is moved: only spaces are wider."""
    *full, _ = lines(face, "en", ENGLISH, tmp_path, monkeypatch)
    assert len(full) >= 5
    assert {round(end, 1) for _, end in full} == {WIDTH}
