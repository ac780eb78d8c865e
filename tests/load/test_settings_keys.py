"""Keys of settings files that nothing reads, and values of a kind that nothing takes.

Each file is refused, with the nearest name.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from npl_report.load.corrections import read_records
from npl_report.load.ledger import read_bindings, read_ledger
from npl_report.load.project import Project, check_publication, read_edition, read_series
from npl_report.load.tablefolders import table_keys
from npl_report.model import InputError, Problem
from npl_report.present.chapters import chapter_texts
from tests.helpers import tiny
from tests.helpers.snapshots import assert_told

EDITION = (tiny.ROOT / "report" / "editions" / "2020-03.toml").read_text(encoding="utf-8")
Read = Callable[[Project], object]


def corrections(project: Project) -> None:
    problems: list[Problem] = []
    frames = {name: tiny.source().frames[name].astype(str) for name in tiny.source().frames}
    applied = read_records(project.data / "corrections.toml", problems).apply(frames, problems)
    if problems:
        assert applied == 0
        raise InputError(problems)


def titles(project: Project) -> None:
    chapter_texts(project, "2020-03", "en", read_series(project, ()).chapters)


SERIES = '[[chapter]]\nkey = "index"\n'
CASES: dict[str, tuple[str, str, Read]] = {
    "series-unknown-keys": (
        "report/series.toml",
        (
            f'adress = "https://example.org"\nid = 3\n{SERIES}note = "false"\n[[chapter]]\ntables = '
            '[]\n[[chapters]]\nkey = "data"\n'
        ),
        lambda project: read_series(project, ()),
    ),
    "edition-unknown-keys": (
        "report/editions/2020-03.toml",
        EDITION.replace("[windows.mortgage]", "[windows.morgage]\nlow = 1\n[windows.mortgage]\nhihg = 30").replace(
            "revision = 1", "revision = true"
        ),
        lambda project: read_edition(project, "2020-03"),
    ),
    "edition-values-of-another-kind": (
        "report/editions/2020-03.toml",
        EDITION.replace('["zh", "en"]', '["zh", "zh"]').replace("low = 33", "low = true"),
        lambda project: read_edition(project, "2020-03"),
    ),
    "edition-languages-as-text": (
        "report/editions/2020-03.toml",
        EDITION.replace('["zh", "en"]', '"zh"'),
        lambda project: read_edition(project, "2020-03"),
    ),
    "edition-restatement-in-a-language-unknown": (
        "report/editions/2020-03.toml",
        (
            f"{EDITION.replace('revision = 1', 'revision = 2')}\n[[restatement]]\nrevision = 2\ntables = "
            f'["recovery_by_type"]\nwhy = {{ zh = "更正", en = "Corrected", eng = "x" }}\n'
        ),
        lambda project: read_edition(project, "2020-03"),
    ),
    "corrections-doubled-name": ("data/corrections.toml", '[[corrections]]\nfile = "deals"\n', corrections),
    "corrections-unknown-key": (
        "data/corrections.toml",
        (
            '[[correction]]\nfile = "deals"\nkey = { deal = "c1" }\naction = "drop"\nreason = "r"\nsource = '
            '"s"\ngard = 3\n'
        ),
        corrections,
    ),
    "corrections-values-of-another-kind": (
        "data/corrections.toml",
        (
            '[[correction]]\nfile = ["deals"]\nkey = "c1"\naction = "drop"\nreason = ""\nsource = '
            '3\n[[correction]]\nfile = "deals"\nkey = { deal = "c1" }\naction = "set"\ncolumn = 1\nvalue = '
            '[1]\nguard = { a = 1 }\nreason = "r"\nsource = "s"\n'
        ),
        corrections,
    ),
    "corrections-as-numbers": ("data/corrections.toml", "correction = [1, 2]\n", corrections),
    "corrections-in-single-brackets": ("data/corrections.toml", '[correction]\nfile = "deals"\n', corrections),
    "bindings-values-of-another-kind": (
        "data/published/bindings.toml",
        (
            'L1 = { cell = 3 }\nL2 = { cell = "a/b/c", within = 5, rank = "yes", without = "x", where = "y" }\nL3 = '
            '{ cell = "a/b/c", within = ["a", "b"], where = { x = 1 } }\nL4 = { reason = "" }\n'
        ),
        lambda project: read_bindings(project.data / "published"),
    ),
    "ledger-columns": (
        "data/published/ledger.csv",
        "id,seed,section,phrase,metrik,group,value,unit,decimals,kind,definition_note,consistency_note\nL1,2,S,p,n,m,96,deals,0,exact\n",
        lambda project: read_ledger(project.data / "published"),
    ),
    "series-words-unknown": (
        "report/en/_series.toml",
        'title = "T"\nsubtitel = "S"\npublisher = 3\ndisclaimer = "D"\nmotto = "printed by a template"\n',
        lambda project: check_publication(project, "en"),
    ),
    "page-head-unknown-key": ("report/en/index.qmd", "---\ntitle: T\ndescription: D\nnavigation: N\n---\n", titles),
}


@pytest.mark.parametrize("case", CASES)
def test_what_nothing_reads_is_refused(case: str, bare: Project):
    path, text, read = CASES[case]
    (bare.report / "series.toml").write_text(SERIES, encoding="utf-8")
    (bare.templates / "cover.html").write_text("<p>{{ series.motto }}</p>", encoding="utf-8")
    (bare.root / path).write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as raised:
        read(bare)
    assert_told(case, raised.value.problems)


def test_a_ledger_that_is_not_utf_8(bare: Project):
    (bare.data / "published" / "ledger.csv").write_bytes("id,期次\n".encode("gbk"))
    with pytest.raises(InputError, match="not valid CSV in UTF-8"):
        read_ledger(bare.data / "published")


def test_the_repo_s_own_files_have_no_such_key():
    """Every settings file as it is: whatever stands in one is read."""
    own = Project(tiny.ROOT)
    chapters = read_series(own, table_keys()).chapters
    for language in own.languages:
        check_publication(own, language)
        assert len(chapter_texts(own, "2025-12", language, chapters)) == len(chapters)
    assert read_ledger(own.data / "published")
    assert read_bindings(own.data / "published").figures
