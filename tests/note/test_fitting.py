"""Tables that are wider than their page: set tighter, then across the page, or refused by name."""

from __future__ import annotations

from collections.abc import Mapping

import pymupdf
import pytest

from npl_report.model import InputError
from tests.helpers.snapshots import assert_told
from tests.note.smallnotes import faces as small_faces
from tests.note.smallnotes import opened, printed

pytestmark = pytest.mark.pdf
MM = 72 / 25.4


@pytest.fixture(scope="module")
def faces(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    return small_faces(tmp_path_factory.mktemp("faces"))


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FONTCONFIG_FILE", "")  # make_pdf sets it; here it is put back


def wide(columns: int, rows: int = 4) -> str:
    """A table of numbers that cannot be broken."""
    heads = "".join(f'<th scope="col" class="number">H{number}</th>' for number in range(columns))
    cells = '<td class="number">1,234.56</td>' * columns
    lines = f'<tr><th scope="row">Deal</th>{cells}</tr>' * rows
    return (
        '<section class="part"><h1>Chapter</h1><p>Before.</p><figure class="table" id="tbl-wide"><figcaption>'
        '<span class="label">Table 1</span> Many columns</figcaption><div class="scroll"><table><thead><tr>'
        f'<th scope="col">Deal</th>{heads}</tr></thead><tbody>{lines}</tbody></table></div></figure><p>After.</p>'
        "</section>"
    )


def cells(page: pymupdf.Page) -> list[dict[str, object]]:
    spans = [
        span for block in page.get_text("dict")["blocks"] for line in block.get("lines", ()) for span in line["spans"]
    ]
    return [span for span in spans if "1,234.56" in span["text"]]


@pytest.mark.parametrize(
    ("columns", "size", "across"),
    [(6, 8.2, False), (11, 8.2, False), (14, 7.5, False), (16, 8.2, True), (20, 7.5, True)],
)
def test_a_table_fits_its_page(faces: Mapping[str, bytes], columns: int, size: float, *, across: bool):
    """Its print is as large as the room allows, never below 7.5 points, and it ends at the margin or before."""
    with opened(printed(wide(columns), faces)) as pdf:
        (page,) = [page for page in pdf if cells(page)]
        assert {round(float(str(span["size"])), 1) for span in cells(page)} == {size}
        assert (page.rect.width > page.rect.height) is across
        assert max(span["bbox"][2] for span in cells(page)) <= page.rect.width - 18 * MM + 0.5  # type: ignore[index]


def test_a_table_that_fits_nowhere_is_named(faces: Mapping[str, bytes]):
    with pytest.raises(InputError) as caught:
        printed(wide(40), faces)
    assert_told("note-table-too-wide", caught.value.problems)
