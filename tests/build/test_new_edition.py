"""An edition that is begun has the settings of the newest, passes check at once, and is undone by what it names."""

from __future__ import annotations

import json
import shutil
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from npl_report.build.newedition import add_edition
from npl_report.files.owned import owned_by, taken
from npl_report.load.project import Project, read_edition
from npl_report.model import InputError
from tests.helpers.archiving import contents, quiet
from tests.helpers.running import LATER_EDITION, Command
from tests.helpers.snapshots import assert_told

SETTINGS = f"report/editions/{LATER_EDITION}.toml"


def changed(root: Path, name: str, before: str, after: str) -> None:
    path = root / name
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def test_it_passes_check_at_once_and_is_undone(tiny_project: Path, npl_report: Command):
    before = contents(tiny_project)
    done = npl_report("new-edition", "2020-02", "--chapters", "index, recovery", cwd=tiny_project)
    assert done.code == 0, done.err
    pages = [
        f"report/editions/2020-02/{language}/{page}.qmd" for language in ("zh", "en") for page in ("index", "recovery")
    ]
    written = ["report/editions/2020-02.toml", *pages]
    assert done.out.splitlines() == [
        *(f"wrote {name}" for name in written),
        (
            f"next: see what {written[0]} says; edit {pages[0]} and take out draft: true there, likewise in its other "
            "pages; npl-report serve --edition 2020-02 shows it"
        ),
        f"to undo it: delete {written[0]} and report/editions/2020-02/",
    ]
    after = contents(tiny_project)
    assert after.keys() - before.keys() == {*written}
    assert {name: after[name] for name in before} == before
    checked = npl_report("check", cwd=tiny_project)
    assert checked.code == 0, checked.err
    notices = [line for line in checked.out.splitlines() if line.startswith("notice: ")]
    assert notices == [f"notice: {page}: the page is a draft, and is not published" for page in pages]
    assert "3 editions" in checked.out
    shutil.rmtree(tiny_project / "report" / "editions" / "2020-02")
    (tiny_project / written[0]).unlink()
    left = {path.relative_to(tiny_project).as_posix() for path in (tiny_project / "report").rglob("*.*")}
    assert left == {name for name in before if name.startswith("report/")}


def test_its_settings_are_those_of_the_newest(tiny_project: Path):
    project = Project(tiny_project)
    changed(tiny_project, SETTINGS, "revision = 1\n", "revision = 2   # one table\n")
    more = '[ranking]\nfewest = 2\n\n# Why.\n[[restatement]]\nrevision = 2\ntables = ["recovery_by_type"]\n'
    more += 'why = { zh = "改", en = "Mended" }\n\n# The rules of part II;'
    changed(tiny_project, SETTINGS, "# The rules of part II;", more)
    add_edition(project, "2020-02", None, (), quiet)
    base, new = (read_edition(project, id_) for id_ in (LATER_EDITION, "2020-02"))
    assert (new.as_of, new.published_on, new.revision, new.restatements) == (
        *(date(2020, 2, 29), date(2020, 2, 29)),
        *(1, ()),
    )
    kept = ("languages", "windows", "one_year_window", "market", "determinants", "structure", "ranking")
    assert {name: getattr(new, name) for name in kept} == {name: getattr(base, name) for name in kept}
    made = (tiny_project / "report" / "editions" / "2020-02.toml").read_text(encoding="utf-8")
    assert made.startswith(f"# Edition 2020-02, begun by npl-report new-edition with the settings of {LATER_EDITION}.")
    assert "# The rules of part II;" in made
    assert "Why." not in made
    assert not (tiny_project / "report" / "editions" / "2020-02").exists()


def test_a_page_is_that_of_the_series_with_a_mark(tiny_project: Path):
    changed(tiny_project, "report/en/index.qmd", "title:", "draft: false\ntitle:")
    add_edition(Project(tiny_project), "2020-02", None, ["index"], quiet)
    page = (tiny_project / "report" / "editions" / "2020-02" / "en" / "index.qmd").read_text(encoding="utf-8")
    series = (tiny_project / "report" / "en" / "index.qmd").read_text(encoding="utf-8")
    above = (
        "# The edition's own page, begun as a copy of that of the series: edit it, and then take out the next line.\n"
    )
    assert page == series.replace("draft: false\n", f"{above}draft: true\n", 1)


PAYOFF = """---
title: When the first tranche is redeemed
description: A page with a finding.
---

{{ finding("distribution.payoff") }}

{{ table("time_to_half") }}

{{ chart("time_to_half") }}

{{ table("senior_payoff") }}

{{ chart("senior_payoff") }}
"""


def test_findings_are_written_out_with_bound_figures(tiny_project: Path, npl_report: Command):
    entry = (
        '[[chapter]]\nkey = "payoff"\ntables = ["time_to_half", "senior_payoff"]\nsupporting = ["senior_redemptions"]\n'
    )
    changed(tiny_project, "report/series.toml", 'key = "index"\n', f'key = "index"\n\n{entry}')
    for language in ("zh", "en"):
        (tiny_project / "report" / language / "payoff.qmd").write_text(PAYOFF, encoding="utf-8")
    done = npl_report("new-edition", "2020-02", "--chapters", "payoff", cwd=tiny_project)
    assert done.code == 0, done.err
    for language in ("zh", "en"):
        page = tiny_project / "report" / "editions" / "2020-02" / language / "payoff.qmd"
        said = page.read_text(encoding="utf-8")
        assert "finding(" not in said
        assert '{{ n("senior_payoff", "total", "mean_age") }}' in said
    checked = npl_report("check", "--edition", "2020-02", cwd=tiny_project)
    assert checked.code == 0, checked.err


def test_a_day_that_the_data_do_not_reach_is_told(tiny_project: Path, npl_report: Command):
    done = npl_report("new-edition", "2031-05", "--json", cwd=tiny_project)
    said = json.loads(done.out)
    assert (done.code, said["written"][0], said["changed"]) == (0, "report/editions/2031-05.toml", [])
    assert [notice["value"] for notice in said["notices"]] == ["2031-05-31"]
    assert said["notices"][0]["rule"] == "the data hold nothing later than 2020-04-02"


def test_deals_that_are_not_known_yet_are_no_cases(tiny_project: Path):
    changed(tiny_project, SETTINGS, "[structure]\n", '[structure.cases]\nmortgage = "m2"\n\n[structure]\n')
    project = Project(tiny_project)
    added = add_edition(project, "early", date(2018, 12, 31), (), quiet)
    assert [notice.file for notice in added.notices] == [SETTINGS]
    assert_told("new-edition-cases", added.notices)
    made = (tiny_project / "report" / "editions" / "early.toml").read_text(encoding="utf-8")
    assert tomllib.loads(made)["structure"] == {"payment_lag": 24}


def nothing(_: Path) -> None:
    """The project as it is."""


def folder(root: Path) -> None:
    (root / "report" / "editions" / "2020-02" / "en").mkdir(parents=True)


def published(root: Path) -> None:
    (root / "site" / "2020-02").mkdir(parents=True)


def no_editions(root: Path) -> None:
    for path in (root / "report" / "editions").glob("*.toml"):
        path.unlink()


def later_chapter(root: Path) -> None:
    changed(root, "report/series.toml", 'key = "recovery"\n', 'key = "recovery"\nsince = 2021-12-31\n')


REFUSED: dict[str, tuple[Callable[[Path], None], str, date | None, list[str]]] = {
    "taken": (nothing, LATER_EDITION, None, ["index"]),
    "no-name": (nothing, "Spring 2020", date(2020, 2, 29), ["index"]),
    "latest": (nothing, "latest", date(2020, 2, 29), ["index"]),
    "folder-there": (folder, "2020-02", None, ["index"]),
    "published": (published, "2020-02", None, ["index"]),
    "no-month": (nothing, "spring", None, ["index"]),
    "thirteenth-month": (nothing, "2020-13", None, ["index"]),
    "before-the-data": (nothing, "2001-01", None, ["index"]),
    "chapter-unknown": (nothing, "2020-02", None, ["index", "recovry"]),
    "chapter-later": (later_chapter, "2020-02", None, ["recovery"]),
    "no-editions": (no_editions, "2020-02", None, ["index"]),
    "newest-unreadable": (lambda root: changed(root, SETTINGS, "as_of = ", "as_of == "), "2020-02", None, ["index"]),
    "newest-of-another-form": (
        lambda root: changed(root, SETTINGS, "published_on =", '"published_on" ='),
        "2020-02",
        None,
        ["index"],
    ),
    "missing-page": (lambda root: (root / "report/en/index.qmd").unlink(), "2020-02", None, ["index"]),
    "headless-page": (lambda root: changed(root, "report/en/index.qmd", "---\n", ""), "2020-02", None, ["index"]),
}


@pytest.mark.parametrize("case", sorted(REFUSED))
def test_what_is_refused(tiny_project: Path, case: str):
    prepare, *given = REFUSED[case]
    prepare(tiny_project)
    before = contents(tiny_project)
    with taken(owned_by(tiny_project)), pytest.raises(InputError) as raised:
        add_edition(Project(tiny_project), *given, quiet)  # type: ignore[arg-type]
    assert_told(f"new-edition-{case}", raised.value.problems)
    assert contents(tiny_project) == before
