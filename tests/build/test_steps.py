"""A change makes anew what follows from it, and nothing else; and what is taken is what would have been made."""

from __future__ import annotations

import errno
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from npl_report.build import assembly
from npl_report.build.reading import read
from npl_report.build.steps import Marks, Step
from npl_report.editions.fingerprint import input_hashes
from npl_report.files.manifest import read_manifest
from npl_report.load.project import Project, read_edition
from npl_report.model import Result
from npl_report.present import paging
from npl_report.present.reading import Reading
from tests.helpers.running import Command
from tests.helpers.tinyproject import tiny_project

EDITION = "2020-03"


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Reading]:
    project = Project(tiny_project(tmp_path_factory.mktemp("steps") / "project"))
    return project, read(project, read_edition(project, EDITION), lambda _: None)


def steps(
    project: Project, reading: Reading, changed: Mapping[str, str] | None = None, *, archived: bool = False
) -> dict[tuple[str, str, int], Step]:
    """The steps in English; ``changed``: inputs with another hash."""
    inputs = input_hashes(project, reading.edition) | (changed or {})
    marks = Marks(reading, inputs, (True, archived), ())
    return {(step.kind, step.key, step.part): step for step in marks.steps(reading.by_language["en"], note=True)}


def anew(before: Mapping[tuple[str, str, int], Step], after: Mapping[tuple[str, str, int], Step]) -> set[str]:
    """The steps with another hash, as ``kind key``."""
    assert before.keys() == after.keys()
    return {f"{place[0]} {place[1]}".strip() for place in before if before[place].mark != after[place].mark}


def test_the_same_project_has_the_same_steps(reading: tuple[Project, Reading]):
    project, _ = reading
    again = read(project, read_edition(project, EDITION), lambda _: None)
    assert anew(steps(*reading), steps(project, again)) == set()


def test_every_step_has_a_hash_of_its_own(reading: tuple[Project, Reading]):
    marks = [step.mark for step in steps(*reading).values()]
    assert len(set(marks)) == len(marks)


def test_prose_makes_its_chapter_and_the_note(reading: tuple[Project, Reading]):
    project, found = reading
    localized = found.by_language["en"]
    text = localized.chapters["recovery"]
    before = steps(project, found)
    localized.chapters = {**localized.chapters, "recovery": replace(text, source=f"{text.source}\n")}
    try:
        assert anew(before, steps(project, found)) == {"chapter recovery", "note"}
    finally:
        localized.chapters = {**localized.chapters, "recovery": text}


def test_a_figure_makes_its_table_and_what_may_say_it(reading: tuple[Project, Reading]):
    project, found = reading
    result = found.results["recovery_by_type"]
    assert isinstance(result, Result)
    frame = result.frame.assign(mean_recovery=result.frame["mean_recovery"] * 2)
    changed = replace(found, results={**found.results, "recovery_by_type": replace(result, frame=frame)})
    chapters = {f"chapter {chapter.key}" for chapter in found.series.chapters}
    expected = {"table recovery_by_type", "banks", "deals", "pictures", "exports", "note", *chapters}
    assert anew(steps(project, found), steps(project, changed)) == expected


def every(found: Reading) -> Iterator[str]:
    yield from (f"table {key}" for key in found.series.table_keys)
    yield from (f"chapter {chapter.key}" for chapter in found.series.chapters)
    yield from ("catalogue", "banks", "deals", "pictures", "exports", "note")


@pytest.mark.parametrize(
    "path",
    ["templates/html/base.html", "report/en/_series.toml", "report/en/references.bib", "data/datapackage.json"],
)
def test_what_stands_on_every_page_makes_all(reading: tuple[Project, Reading], path: str):
    assert anew(steps(*reading), steps(*reading, {path: "other"})) == {*every(reading[1])}


def test_archived_pages_are_others(reading: tuple[Project, Reading]):
    assert anew(steps(*reading), steps(*reading, archived=True)) == {*every(reading[1])}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("templates/print/note.css", {"note"}),
        ("templates/html/assets/site.css", set()),
        ("report/en/recovery.qmd", set()),  # its text is what counts
    ],
)
def test_other_inputs_make_little(reading: tuple[Project, Reading], path: str, expected: set[str]):
    assert path in input_hashes(reading[0], reading[1].edition)
    assert anew(steps(*reading), steps(*reading, {path: "other"})) == expected


def outputs(folder: Path) -> Mapping[str, str]:
    return read_manifest((folder / "build" / EDITION / "manifest.json").read_bytes()).outputs


def build(command: Command, root: Path, *options: str) -> tuple[int, int]:
    """How many parts a build made, of how many."""
    ran = command("build", "--edition", EDITION, "--no-pdf", "--jobs", "1", *options, cwd=root)
    assert ran.code == 0, ran.err
    found = re.search(r"make (\d+) of (\d+) parts", ran.err)
    assert found, ran.err
    return int(found[1]), int(found[2])


def add(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def test_what_is_taken_is_what_would_have_been_made(tmp_path: Path, npl_report: Command):
    """Whatever changed before, all files are those of a build from nothing."""
    root = tiny_project(tmp_path / "project")
    made, whole = build(npl_report, root)
    assert made == whole
    first = outputs(root)
    add(root / "report" / "en" / "recovery.qmd", "\nOne more sentence.\n")
    assert build(npl_report, root) == (1, whole)
    after = outputs(root)
    assert {path for path in after if after[path] != first[path]} <= {"en/recovery.html", "en/search-index.js"}
    assert (root / "build" / EDITION / "zh" / "index.html").stat().st_nlink > 1  # the store's own file

    deals = root / "data" / "deals.csv"
    deals.write_text(deals.read_text(encoding="utf-8").replace("Tiny C1", "Tiny C1 renamed"), encoding="utf-8")
    made, _ = build(npl_report, root)
    assert 1 < made < whole  # Chinese tables print no English name
    fresh = Path(shutil.copytree(root, tmp_path / "fresh", ignore=shutil.ignore_patterns("build")))
    assert build(npl_report, fresh) == (whole, whole)
    assert outputs(root) == outputs(fresh)
    assert build(npl_report, root, "--force") == (whole, whole)
    assert outputs(root) == outputs(fresh)


def test_a_page_is_the_same_whoever_makes_it(tmp_path: Path, npl_report: Command):
    """One that shows the chart of another chapter's table is made alone, or in another process than that chapter."""
    root = tiny_project(tmp_path / "project")
    index = root / "report" / "en" / "index.qmd"
    add(index, '\n{{ chart("recovery_by_type") }}\n')
    build(npl_report, root)
    assert b'id="fig-recovery_by_type"' in (root / "build" / EDITION / "en" / "index.html").read_bytes()
    add(index, "\nOne more sentence.\n")
    assert build(npl_report, root)[0] == 1
    alone = outputs(root)
    assert build(npl_report, root, "--force")[0] > 1
    assert outputs(root) == alone
    made = set()
    for jobs in ("1", "2", "4"):
        english = "--edition", EDITION, "--no-pdf", "--lang", "en", "--force", "--jobs", jobs
        assert npl_report("build", *english, cwd=root).code == 0
        made.add(tuple(sorted(outputs(root).items())))
    assert len(made) == 1


CHANGES = (
    ("collections", "deal", "m2", "collected"),
    ("collections", "deal", "u1", "collected"),
    ("deals", "deal", "c2", "wa_overdue"),
    ("payments", "deal", "c1", "interest"),
    ("deals", "deal", "u2", "n_borrowers"),
    ("collections", "deal", "m1", ""),
)


def test_a_value_of_one_deal_makes_what_shows_it(tmp_path: Path, npl_report: Command, monkeypatch: pytest.MonkeyPatch):
    """Deals in parts of two: after each change all files are those of a build from nothing, made in fewer parts."""
    monkeypatch.setattr(paging, "DEALS_A_STEP", 2)
    root = tiny_project(tmp_path / "project")
    _, whole = build(npl_report, root)
    for file, column, value, changed in CHANGES:
        place = root / "data" / f"{file}.csv"
        frame = pd.read_csv(place, dtype=str, keep_default_na=False)
        row = frame.index[frame[column] == value][-1]
        if changed:
            frame.loc[row, changed] = f"{float(frame.loc[row, changed]) * 1.01 + 1:g}"
        else:  # a period more
            last = frame.loc[row]
            days = {"period_start": "2020-02-15", "period_end": "2020-03-05", "reported_on": "2020-03-12"}
            assert days["period_start"] > last["period_end"]
            frame = pd.concat([frame, frame.loc[[row]].assign(**days)])
        frame.to_csv(place, index=False)
        assert 0 < build(npl_report, root)[0] < whole - 2, file  # at least a part of deals in each language stays
        after = outputs(root)
        assert build(npl_report, root, "--force") == (whole, whole)
        assert outputs(root) == after, file


def test_a_changed_file_of_a_build_is_put_right(tmp_path: Path, npl_report: Command):
    """It is the store's own file, by a link: what is wrong with it is seen, and it is made again."""
    root = tiny_project(tmp_path / "project")
    build(npl_report, root)
    before, page = outputs(root), root / "build" / EDITION / "zh" / "index.html"
    whole = page.read_bytes()
    with page.open("ab") as file:
        file.write(b"changed")
    assert build(npl_report, root)[0] == 1
    assert (outputs(root), page.read_bytes()) == (before, whole)


@pytest.mark.parametrize("harm", [lambda data: data[:-1], lambda data: data[:-1] + bytes([data[-1] ^ 1])])
def test_nothing_in_the_cache_is_believed(tmp_path: Path, npl_report: Command, harm: Callable[[bytes], bytes]):
    """Converted prose, drawings, fonts, pictures, tables: what was harmed is made again."""
    root = tiny_project(tmp_path / "project")
    build(npl_report, root)
    add(root / "report" / "en" / "recovery.qmd", "\nOne more sentence.\n")
    fresh = Path(shutil.copytree(root, tmp_path / "fresh", ignore=shutil.ignore_patterns("build")))
    build(npl_report, fresh)
    cache = root / "build" / ".cache"
    shutil.rmtree(cache / "made")
    kept = [path for path in cache.rglob("*") if path.is_file() and path.suffix != ".lock"]
    assert {"pandoc", "svg", "charts", "fonts", "preview", "results"} <= {path.parent.name for path in kept}
    for path in kept:
        path.write_bytes(harm(path.read_bytes()))
    made, whole = build(npl_report, root)
    assert made == whole
    assert outputs(root) == outputs(fresh)


def test_what_was_saved_while_it_was_read_is_told_and_not_kept(
    tmp_path: Path, npl_report: Command, monkeypatch: pytest.MonkeyPatch
):
    """Pages of the former file are not found as those of the new."""
    root = tiny_project(tmp_path / "project")
    deals = root / "data" / "deals.csv"
    right = deals.read_text(encoding="utf-8")

    def read_and_save(*given: Any, **named: Any) -> Reading:
        found = read(*given, **named)
        deals.write_text(right.replace("Tiny C1", "Tiny C1 renamed"), encoding="utf-8")
        return found

    monkeypatch.setattr(assembly, "read", read_and_save)
    ran = npl_report("build", "--edition", EDITION, "--no-pdf", "--jobs", "1", cwd=root)
    assert ran.code == 1
    assert "data/deals.csv" in ran.err
    assert "was changed while the edition was built" in ran.err
    monkeypatch.setattr(assembly, "read", read)
    build(npl_report, root)
    assert "Tiny C1 renamed" in (root / "build" / EDITION / "en" / "deals" / "c1.html").read_text(encoding="utf-8")


def test_a_full_disk_is_told(tmp_path: Path, npl_report: Command, monkeypatch: pytest.MonkeyPatch):
    root = tiny_project(tmp_path / "project")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")  # as a write does, which names no file

    monkeypatch.setattr(Path, "write_bytes", full)
    ran = npl_report("build", "--edition", EDITION, "--no-pdf", "--jobs", "1", cwd=root)
    assert ran.code == 1
    assert "No space left on device" in ran.err
    assert "build/.cache" in ran.err
