"""Figures that do not fit the rest of their page: text goes before them, or they before it, and pages are full."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.note.smallnotes import faces as small_faces
from tests.note.smallnotes import opened, printed

pytestmark = pytest.mark.pdf
HIGH = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="600" height="750">'
    '<rect width="600" height="750" fill="#1f4e79"/></svg>'
)
WORDS = "collected against its forecast at the age of a deal " * 8


@pytest.fixture(scope="module")
def faces(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    return small_faces(tmp_path_factory.mktemp("faces"))


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FONTCONFIG_FILE", "")  # make_pdf sets it; here it is put back


def paragraphs(first: int, last: int) -> str:
    return "".join(f"<p>Paragraph {number}. {WORDS}</p>" for number in range(first, last))


def figure(key: str) -> str:
    return (
        f'<figure class="chart" id="fig-{key}"><figcaption>Figure {key}</figcaption><div class="panels">'
        '<div class="panel"><img src="npl:high.svg" alt="A picture"></div></div></figure>'
    )


def told(body: str, faces: Mapping[str, bytes]) -> list[str]:
    """What stands on the pages: first words of paragraphs, and figures."""
    with opened(printed(f'<section class="part"><h1>Chapter</h1>{body}</section>', faces, high=HIGH)) as pdf:
        return [page.get_text() for page in pdf]


def test_text_goes_before_a_figure_that_does_not_fit(faces: Mapping[str, bytes]):
    first, second, *_ = told(paragraphs(0, 4) + figure("a") + paragraphs(4, 16), faces)
    assert "Paragraph 4." in first
    assert "Figure a" in second


def test_a_figure_at_the_end_goes_before_text(faces: Mapping[str, bytes]):
    """Nothing stands behind it that could fill its page."""
    first, *_ = told(paragraphs(0, 4) + figure("a"), faces)
    assert "Figure a" in first
    assert "Paragraph 3." not in first


def test_figures_stay_in_order(faces: Mapping[str, bytes]):
    whole = "".join(told(paragraphs(0, 4) + figure("a") + figure("b") + paragraphs(4, 20), faces))
    assert whole.index("Figure a") < whole.index("Figure b")


def test_what_fits_stays_where_it_was_written(faces: Mapping[str, bytes]):
    (first, *_) = told(paragraphs(0, 2) + figure("a") + paragraphs(2, 3), faces)
    assert first.index("Paragraph 1.") < first.index("Figure a") < first.index("Paragraph 2.")
