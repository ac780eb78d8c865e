"""Mistakes of every kind through the real command, in a tiny project that holds a former build.

Exit 1, the message names the place, no traceback, and the former build is as it was. The messages of the data files are
tested in full in tests/load; here it is the whole way.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from npl_report.load.tablefolders import Place, table_places
from tests.helpers.running import EDITION, Command

Edit = Callable[[Path], None]
PDF = ("--lang", "en", "--jobs", "1")


@dataclass(frozen=True)
class Case:
    """A mistake: how it is made in a project, and what the message must say. ``arguments`` are added to ``build``."""

    id: str
    edit: Edit
    said: tuple[str, ...]
    arguments: tuple[str, ...] = ("--no-pdf", "--jobs", "1")


def removed(path: str) -> Edit:
    return lambda project: (project / path).unlink()


def replaced(path: str, pattern: str, by: str) -> Edit:
    """Replace the first match; a pattern that matches nothing is a mistake of the test."""

    def edit(project: Path) -> None:
        text, count = re.subn(pattern, by, (project / path).read_text(encoding="utf-8"), count=1, flags=re.MULTILINE)
        assert count == 1, f"{pattern} is not in {path}"
        (project / path).write_text(text, encoding="utf-8")

    return edit


def cell(path: str, row: int, column: int, value: str) -> Edit:
    """Set a cell; rows as an editor counts them, columns from 0."""

    def edit(project: Path) -> None:
        lines = (project / path).read_text(encoding="utf-8").splitlines()
        cells = lines[row - 1].split(",")
        cells[column] = value
        lines[row - 1] = ",".join(cells)
        (project / path).write_text("\n".join(lines) + "\n", encoding="utf-8")

    return edit


def repeated(path: str, row: int) -> Edit:
    """Append a row once more."""

    def edit(project: Path) -> None:
        text = (project / path).read_text(encoding="utf-8")
        (project / path).write_text(text + text.splitlines()[row - 1] + "\n", encoding="utf-8")

    return edit


def added(path: str, text: str) -> Edit:
    def edit(project: Path) -> None:
        with (project / path).open("a", encoding="utf-8") as file:
            file.write(text)

    return edit


PROSE, FRONT = "report/en/recovery.qmd", "report/en/index.qmd"
ISSUED = '"issuance_by_type", "total", "n_deals"'
CASES = (
    Case("csv-missing", removed("data/tranches.csv"), ("data/tranches.csv: the file is missing",)),
    Case(
        "column-missing",
        replaced("data/deals.csv", r"^deal,name_zh", "deal,name_cn"),
        ("data/deals.csv, row 1, column name_zh: the column is missing",),
    ),
    Case(
        "wrong-date",
        cell("data/collections.csv", 3, 2, "31.1.2018"),
        ("data/collections.csv, row 3, column period_end: found '31.1.2018': must be a date",),
    ),
    Case(
        "day-that-is-not",
        cell("data/collections.csv", 3, 2, "2018-02-30"),
        ("data/collections.csv, row 3, column period_end", "check that the day exists"),
    ),
    Case(
        "duplicate-key",
        repeated("data/payments.csv", 2),
        ("data/payments.csv, row ", "the key stands already in row 2"),
    ),
    Case("duplicate-deal", repeated("data/deals.csv", 2), ("data/deals.csv, row 8, column deal", "c1")),
    Case(
        "unknown-bank",
        cell("data/deals.csv", 2, 3, "eastt"),
        ("data/deals.csv, row 2, column originator: found 'eastt'", "did you mean east?", "eastt,<name_zh>"),
    ),
    Case(
        "unknown-deal",
        cell("data/forecasts.csv", 2, 0, "c11"),
        ("data/forecasts.csv, row 2, column deal: found 'c11'", "did you mean c1?"),
    ),
    Case(
        "negative-money",
        cell("data/collections.csv", 2, 4, "-100"),
        ("data/collections.csv, row 2, column collected: found '-100': must be at least 0",),
    ),
    Case(
        "infinite",
        cell("data/collections.csv", 2, 4, "inf"),
        ("data/collections.csv, row 2, column collected: found 'inf': must be a number",),
    ),
    Case(
        "collected-before-cut-off",
        cell("data/collections.csv", 2, 1, "2015-12-31"),
        ("data/collections.csv, row 2, column period_start", "before the deal's cut-off date"),
    ),
    Case(
        "not-utf-8",
        lambda project: (project / "data/originators.csv").write_bytes("originator,中文\n".encode("gbk")),
        ("data/originators.csv, row 1: the file is not UTF-8",),
    ),
    Case(
        "package-broken",
        replaced("data/datapackage.json", r'"profile"', "profile"),
        ("data/datapackage.json, row 2: not valid JSON",),
    ),
    Case(
        "correction-of-nothing",
        added(
            "data/corrections.toml",
            '\n[[correction]]\nfile = "deals"\nkey = { deal = "none" }\naction = "drop"\nreason = "r"\nsource = "s"\n',
        ),
        ("data/corrections.toml", "matches 0 rows"),
    ),
    Case(
        "edition-broken",
        replaced("report/editions/2020-03.toml", r"^as_of = ", "as_of == "),
        ("report/editions/2020-03.toml: not valid TOML", "line 2"),
    ),
    Case(
        "edition-without-window",
        replaced("report/editions/2020-03.toml", r"^\[windows\.mortgage\]", "[windows.morgage]"),
        ("report/editions/2020-03.toml, column windows.morgage", "did you mean mortgage?"),
    ),
    Case(
        "series-broken",
        replaced("report/series.toml", r"^\[\[chapter\]\]", "[[chapter]"),
        ("report/series.toml: not valid TOML",),
    ),
    Case(
        "table-misspelt",
        replaced("report/series.toml", '"recovery_by_type"', '"recovery_by_typ"'),
        ("report/series.toml, column chapter recovery: found 'recovery_by_typ'", "did you mean recovery_by_type?"),
    ),
    Case("chapter-without-page", removed("report/zh/recovery.qmd"), ("report/zh/recovery.qmd: the page is missing",)),
    Case(
        "page-head-broken",
        replaced(PROSE, r"^title: .*$", "title: [a"),
        (f"{PROSE}, row 1: the page's head is not valid YAML",),
    ),
    Case(
        "page-head-incomplete",
        replaced(PROSE, r"^title: .*\n", ""),
        (f"{PROSE}, row 1, column title: the page's head lacks it",),
    ),
    Case(
        "unknown-variable",
        replaced(FRONT, r"\{\{ edition\.as_of \}\}", "{{ editon.as_of }}"),
        (f"{FRONT}, row 6", "'editon' is undefined", "did you mean edition?"),
    ),
    Case(
        "unknown-table-in-prose",
        replaced(PROSE, ISSUED, ISSUED.replace("type", "typ")),
        (f"{PROSE}, row 8", "there is no table 'issuance_by_typ'", "did you mean issuance_by_type?"),
    ),
    Case(
        "unknown-row-in-prose",
        replaced(PROSE, ISSUED, ISSUED.replace("total", "totl")),
        (f"{PROSE}, row 8", "has no row 'totl'", "did you mean total?"),
    ),
    Case(
        "unknown-column-in-prose",
        replaced(PROSE, ISSUED, ISSUED.replace("n_deals", "n_dels")),
        (f"{PROSE}, row 8", "has no column 'n_dels'", "did you mean n_deals?"),
    ),
    Case(
        "figure-typed-by-hand",
        replaced(PROSE, r"^Inside the windows", "At 31.41% inside the windows"),
        (f"{PROSE}, row 20: found '31.41%': a figure typed by hand", '{{ n("table", "row", "column") }}'),
    ),
    Case(
        "figure-spelled-by-hand",
        replaced("report/zh/index.qmd", r"^数据截至", "本期报告覆盖二十单。数据截至"),
        ("report/zh/index.qmd, row 6: found '二十单': a figure spelled by hand",),
    ),
    Case("broken-jinja", added(PROSE, "\n{% if notice }\n"), (PROSE, "not valid Jinja")),
    Case("block-not-closed", added(PROSE, "\n{% if notice %}\n"), (PROSE, "not valid Jinja")),
    Case(
        "helper-called-wrongly", added(PROSE, '\n{{ n("recovery_by_type") }}\n'), (PROSE, "a helper is called wrongly")
    ),
    Case(
        "division-by-zero",
        added(
            PROSE,
            '\n{{ value("recovery_by_type", "corporate", "n_included") / (value("recovery_by_type", '
            '"corporate", "n_included") - value("recovery_by_type", "corporate", "n_included")) }}\n',
        ),
        (PROSE,),
    ),
    Case("unknown-filter", added(PROSE, "\n{{ notice | shout }}\n"), (PROSE, "shout")),
    Case(
        "table-not-placed",
        replaced(PROSE, r'^\{\{ table\("recovery_by_type"\) \}\}$', ""),
        (f"{PROSE}: found 'recovery_by_type': the table must stand on this page once; it stands 0 times",),
    ),
    Case(
        "table-placed-twice",
        added(PROSE, '\n{{ table("recovery_by_type") }}\n'),
        (f"{PROSE}: found 'recovery_by_type'", "it stands 2 times"),
    ),
    Case(
        "table-of-another-chapter",
        added(FRONT, '\n{{ table("issuance_by_type") }}\n'),
        (f"{FRONT}: found 'issuance_by_type': the table belongs to another chapter",),
    ),
    Case("link-to-no-page", added(PROSE, '\n{{ link("nowhere", "there") }}\n'), (PROSE, "nowhere")),
    Case("unknown-citation", added(PROSE, "\nAs said elsewhere [@nobody].\n"), (PROSE, "nobody")),
    Case(
        "word-missing-in-one-language",
        replaced("report/en/_series.toml", r"^subtitle = .*\n", ""),
        ("report/en/_series.toml, column subtitle", "missing"),
    ),
    Case(
        "words-broken",
        replaced("report/en/_series.toml", r"^title = ", "title : "),
        ("report/en/_series.toml: not valid TOML",),
    ),
    Case(
        "partial-with-unknown-name",
        replaced("templates/html/_partials/table.html", r"\{\{ view\.label \}\}</span>", "{{ view.lable }}</span>"),
        ("templates/html/_partials/table.html", "lable"),
    ),
    Case(
        "partial-with-broken-jinja",
        replaced("templates/html/_partials/figure.html", r"\{% else %\}", "{% els %}"),
        ("templates/html/_partials/figure.html", "els"),
    ),
    Case(
        "shell-with-unknown-name",
        replaced("templates/html/base.html", r"\{\{ shell\.title \}\}", "{{ shel.title }}"),
        ("templates/html/base.html", "shel"),
    ),
    Case(
        "shell-with-unknown-word",
        replaced("templates/html/base.html", r"words\.ui\.skip", "words.ui.skp"),
        ("ui.skp", "missing"),
    ),
    Case("template-missing", removed("templates/html/passport.html"), ("templates/html/passport.html",)),
    Case(
        "print-template-with-unknown-name",
        replaced("templates/print/note.html", r"\{\{ part\.title \}\}", "{{ part.titel }}"),
        ("templates/print/note.html", "titel"),
        PDF,
    ),
    Case("print-style-missing", removed("templates/print/note.css"), ("templates/print/note.css",), PDF),
    Case(
        "print-style-with-a-foreign-picture",
        added("templates/print/note.css", '\n.cover { background: url("https://example.org/a.png") }\n'),
        ("en/note.pdf", "https://example.org/a.png"),
        PDF,
    ),
    Case(
        "character-without-glyph",
        replaced("report/en/index.qmd", r"^Data are", "\U00012000 Data are"),
        ("en/note.pdf: found '\U00012000 (U+12000)'", "has no glyph"),
        PDF,
    ),
)


def tree(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.filterwarnings(
    "ignore:path is deprecated:DeprecationWarning"
)  # of a library under the formulas of the note, on Python 3.11
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_mistake(tiny_rebuilt: Path, npl_report: Command, case: Case):
    build = tiny_rebuilt / "build"
    before = tree(build / "2020-03")
    case.edit(tiny_rebuilt)
    ran = npl_report("build", "--edition", EDITION, *case.arguments, cwd=tiny_rebuilt)
    assert ran.code == 1, ran.err
    for text in case.said:
        assert text in ran.err
    assert "Traceback" not in ran.err
    assert re.search(r"\d+ problems?; nothing was written\n$", ran.err)
    assert ran.out == ""
    assert tree(build / "2020-03") == before
    assert {path.name for path in build.iterdir()} <= {".cache", ".lock", "2020-03"}


def test_all_problems_are_told_at_once(tiny_rebuilt: Path, npl_report: Command):
    """Mistakes in several pages and languages: one build names them all."""
    replaced(PROSE, r"^Inside", "{{ nonsense }} Inside")(tiny_rebuilt)
    replaced("report/zh/index.qmd", r"^数据截至", "数据 31.41% 截至")(tiny_rebuilt)
    replaced("report/zh/recovery.qmd", r'^\{\{ table\("recovery_by_type"\) \}\}$', "")(tiny_rebuilt)
    ran = npl_report("check", cwd=tiny_rebuilt)
    assert ran.code == 1
    for text in (PROSE, "report/zh/index.qmd", "report/zh/recovery.qmd"):
        assert text in ran.err
    assert ran.err.endswith("3 problems; nothing was written\n")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_word_of_a_table_missing_in_one_language(
    tiny_rebuilt: Path, npl_report: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, language: str
):
    """The words of tables are part of the package: a copy of their folder stands in for it."""
    (own,) = table_places()
    folder = tmp_path / "npl_report" / "tables"
    shutil.copytree(own.folder, folder, ignore=shutil.ignore_patterns("__pycache__"))
    replaced(f"recovery_by_type/{language}.toml", r"^volatility = .*\n", "")(folder)
    monkeypatch.setattr("npl_report.load.tablefolders.OWN", Place(folder, own.package))
    before = tree(tiny_rebuilt / "build" / "2020-03")
    ran = npl_report("build", "--edition", EDITION, "--force", "--no-pdf", "--jobs", "1", cwd=tiny_rebuilt)
    assert ran.code == 1
    assert (
        f"npl_report/tables/recovery_by_type/{language}.toml, column columns.volatility: the word is missing" in ran.err
    )
    assert tree(tiny_rebuilt / "build" / "2020-03") == before


def test_a_mended_mistake_builds(tiny_rebuilt: Path, npl_report: Command):
    """Back to the former text: the standing build is up to date again."""
    path = tiny_rebuilt / "data" / "collections.csv"
    text = path.read_bytes()
    cell("data/collections.csv", 2, 4, "inf")(tiny_rebuilt)
    assert npl_report("build", "--edition", EDITION, cwd=tiny_rebuilt).code == 1
    path.write_bytes(text)
    assert "is up to date" in npl_report("build", "--edition", EDITION, cwd=tiny_rebuilt).out
