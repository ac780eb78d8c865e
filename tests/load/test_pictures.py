"""Pictures in prose: shown on the site and in the note, and what cannot be is told with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from npl_report.load.pictures import LARGEST, pictures, shown_in, wrong_pictures
from tests.helpers.running import Command
from tests.helpers.snapshots import assert_told

PNG = b"\x89PNG\r\n\x1a\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" width="90" height="90"><path d="M0 0h9v9z"/></svg>'


@pytest.fixture
def report(tmp_path: Path) -> Path:
    for name, content in {
        "pictures/yard.png": PNG,
        "pictures/plan.svg": SVG,
        "pictures/huge.png": PNG + b"0" * LARGEST,
        "pictures/false.png": b"GIF89a",
        "pictures/far.svg": SVG.replace(b"<path", b'<image href="//x.example/a.png"/><path'),
        "en/pictures/plan.svg": SVG,
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return tmp_path


def test_a_picture_as_it_is_written(report: Path):
    text = 'Text.\n\n![The yard](pictures/yard.png "Ours"){width=60%}\n\n```\n![x](pictures/none.png)\n```\n'
    assert list(wrong_pictures(text, report, "en", "report/en/a.qmd")) == []
    ((match, found),) = shown_in(text, report, "en")
    assert text[match.start() : match.end()].endswith("{width=60%}")
    assert (found.name, found.alt, found.caption, found.width) == ("yard.png", "The yard", "Ours", 60)


def test_that_of_the_language_comes_first(report: Path):
    text = "![A plan](pictures/plan.svg)\n"
    names = [next(of for _, of in shown_in(text, report, language)).name for language in ("en", "zh")]
    assert names == ["en-plan.svg", "plan.svg"]
    assert {*names} <= {*pictures(report, "en")}


WRONG = {
    "missing": "![A dog](pictures/dog.png)",
    "without-words": "![](pictures/yard.png)",
    "elsewhere": "![A dog](https://x.example/dog.png)",
    "outside": "![A dog](pictures/../../dog.png)",
    "of-another-kind": "![A dog](pictures/dog.gif)",
    "huge": "![A dog](pictures/huge.png)",
    "no-png": "![A dog](pictures/false.png)",
    "svg-that-loads": "![A dog](pictures/far.svg)",
    "width": "![The yard](pictures/yard.png){width=65%}",
    "in-a-sentence": "See ![the yard](pictures/yard.png) here.",
    "figure-in-caption": '![The yard](pictures/yard.png "In 2024")',
}


@pytest.mark.parametrize("case", sorted(WRONG))
def test_what_cannot_be_shown_is_told(report: Path, case: str):
    text = f"---\ntitle: A\n---\n\n{WRONG[case]}\n"
    assert_told(f"picture-{case}", wrong_pictures(text, report, "en", "report/en/a.qmd"))


def test_on_the_site_and_in_the_note(tiny_project: Path, npl_report: Command):
    import pymupdf

    folder = tiny_project / "report" / "pictures"
    folder.mkdir()
    (folder / "plan.svg").write_bytes(SVG)
    with (tiny_project / "report" / "en" / "recovery.qmd").open("a", encoding="utf-8") as page:
        page.write('\n![The plan of a court](pictures/plan.svg "A court."){width=50%}\n')
    built = npl_report("build", "--edition", "2020-03", "--lang", "en", "--jobs", "2", cwd=tiny_project)
    assert built.code == 0, built.err
    edition = tiny_project / "build" / "2020-03"
    assert (edition / "pictures" / "plan.svg").read_bytes() == SVG
    html = (edition / "en" / "recovery.html").read_text(encoding="utf-8")
    assert '<figure class="own w50"><img src="../pictures/plan.svg" alt="The plan of a court">' in html
    with pymupdf.open(edition / "en" / "note.pdf") as note:
        assert any("A court." in page.get_text() for page in note)
