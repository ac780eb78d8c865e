"""npl-report check: what is unusual, strictly and not, accepted and not.

And deals that an edition reads up to a gap.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.helpers.running import Command


def test_warnings_are_told_and_fail_only_if_asked(npl_report: Command, tiny_project: Path):
    ran = npl_report("check", cwd=tiny_project)
    assert ran.code == 0
    assert (
        "warning: data/payments.csv, row 2, column interest: found '1': senior interest is less than 0.5 "
        "times what falls due"
    ) in ran.out
    counted = ran.out.count("warning: ")
    strict = npl_report("check", "--strict", cwd=tiny_project)
    assert strict.code == 1
    assert strict.err.endswith(f"{counted} problems; nothing was written\n")
    told = json.loads(npl_report("check", "--json", cwd=tiny_project).out)
    assert (told["ok"], len(told["warnings"]), told["accepted"]) == (True, counted, 0)


def test_words_of_magnitude_without_a_claim_are_warned_of(npl_report: Command, tiny_project: Path):
    page = tiny_project / "report" / "en" / "recovery.qmd"
    text = page.read_text(encoding="utf-8")
    page.write_text(text + "\nRecovery is the highest on corporate claims.\n", encoding="utf-8")
    ran = npl_report("check", cwd=tiny_project)
    told = f"warning: report/en/recovery.qmd, row {text.count(chr(10)) + 2}: found 'highest': a word of magnitude"
    assert ran.code == 0
    assert ran.out.count(told) == 1


def test_a_claim_that_does_not_hold_fails(npl_report: Command, tiny_project: Path):
    page = tiny_project / "report" / "en" / "recovery.qmd"
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("/issuance below", "/issuance above"), encoding="utf-8")
    ran = npl_report("check", cwd=tiny_project)
    assert ran.code == 1
    assert "found 'Less was issued than was pooled': the claim 'issuance_by_type/total/issuance above" in ran.err
    assert 'say what holds: that="issuance_by_type/total/issuance below' in ran.err


def accept_all(project: Path, out: str) -> None:
    """Write the records that the warnings print."""
    records = re.findall(
        r'an entry \[\[accepted\]\] with (rule = "[^"]*"), (file = "[^"]*"), (key = \{.*?\}), '
        r'(guard = "[^"]*"), (reason = "…")',
        out,
    )
    text = "".join("[[accepted]]\n" + "\n".join(record) + "\n" for record in records)
    (project / "data" / "corrections.toml").write_text(text, encoding="utf-8")


@pytest.fixture
def late(tiny_project: Path) -> Path:
    """The second period of m1 is first reported in February 2020, the third in September 2019.

    Edition 2020-03 is as of a day between.
    """
    path = tiny_project / "data" / "collections.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace(",2019-02-19,2019-03-11,", ",2019-02-19,2020-02-10,"), encoding="utf-8"
    )
    edition = tiny_project / "report" / "editions" / "2020-03.toml"
    edition.write_text(
        re.sub(r"as_of = \S+", "as_of = 2019-12-31", edition.read_text(encoding="utf-8")), encoding="utf-8"
    )
    return tiny_project


GAP = "on 2019-12-31 the report of the period of m1 that begins on this day was not known, and later ones were"


def test_an_edition_that_reads_up_to_a_gap_is_warned_of_and_accepted(npl_report: Command, late: Path):
    ran = npl_report("check", cwd=late)
    assert ran.code == 0
    assert f"warning: data/collections.csv, column period_start: found '2018-02-25': {GAP}" in ran.out
    assert GAP not in npl_report("check", "--edition", "2021-12", cwd=late).out
    accept_all(late, ran.out)
    assert npl_report("check", "--strict", cwd=late).code == 0


def test_a_gap_that_is_closed_is_accepted_no_more(npl_report: Command, late: Path):
    accept_all(late, npl_report("check", cwd=late).out)
    edition = late / "report" / "editions" / "2020-03.toml"
    edition.write_text(
        edition.read_text(encoding="utf-8").replace("as_of = 2019-12-31", "as_of = 2020-03-17"), encoding="utf-8"
    )
    ran = npl_report("check", cwd=late)
    assert ran.code == 1
    assert "there is no warning contiguous_when_known on this record with the value 2018-02-25" in ran.err


def test_the_sample_is_not_unusual(npl_report: Command, project: Path):
    ran = npl_report("check", "--strict", "--edition", "2020-03", cwd=project)
    assert ran.code == 0, ran.err
    assert "warning" not in ran.out


def test_what_is_accepted_passes_strictly(npl_report: Command, tiny_project: Path):
    accept_all(tiny_project, npl_report("check", cwd=tiny_project).out)
    ran = npl_report("check", "--strict", cwd=tiny_project)
    assert ran.code == 0, ran.err
    assert "warning" not in ran.out
    assert re.search(r"\d\d? accepted", ran.out)
