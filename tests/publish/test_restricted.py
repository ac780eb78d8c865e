"""A small publication whose deals may not be published.

None of their rows, names or pages can be read off anything in ``site/``.
"""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest

from npl_report.build.job import Options
from npl_report.exports.downloads import evidence_csv
from npl_report.load.data import dataset
from npl_report.load.project import Project
from npl_report.model import Dataset
from npl_report.publish.publishing import publish
from npl_report.tables import catalogue, compute_tables
from tests.helpers import tiny
from tests.helpers.market import MARKET
from tests.helpers.running import ROOT

SERIES = """id = "tiny"
[[chapter]]
key = "index"
[[chapter]]
key = "market"
tables = ["issuance_by_type", "recovery_by_type", "recovery_by_originator", "deal_summary", \
"waterfall_case", "data_quality", "market_context"]
supporting = ["window_readings", "deal_recovery", "recovery_curve_by_type", \
"deal_tranches", "senior_redemptions", "scenario_outcomes"]
[[chapter]]
key = "data"
note = false
"""
TABLES = re.findall(r'"(\w+)"', "".join(re.findall(r"(?:tables|supporting) = .*", SERIES)))
HEAD = "---\ntitle: {key}\ndescription: A page.\n---\n\n"
TEXT = (
    'Deals: {{ n("issuance_by_type", "total", "n_deals") }}.'
    '{% if has_page("deals") %} {{ link("deals", "All of them") }}.{% endif %}\n\n{{ restricted }}\n\n'
)
SECRETS = {f"{number}.{4321 + place}" for place, number in enumerate((104, 61, 53, 97, 88))}
"""Amounts of the restricted files that stand nowhere else."""


def _rows() -> dict[str, list[tiny.Row]]:
    """The tiny data with telling amounts; five further mortgage deals, so that a figure of theirs may be published."""
    files = tiny.rows()
    for number, secret in zip((1, 3, 6, 9, 12), sorted(SECRETS), strict=True):
        files["collections"][number]["collected"] = secret
    for name in ("deals", "tranches", "collections", "forecasts", "payments"):
        of = [row for row in files[name] if row["deal"] == "m1"]
        for number in range(3, 8):
            files[name] += [
                row
                | {"deal": f"m{number}"}
                | ({"name_zh": f"试M{number}", "name_en": f"Tiny M{number}"} if name == "deals" else {})
                for row in of
            ]
    return files


def _project(root: Path) -> Project:
    tiny.write(root, _rows())
    shutil.copytree(ROOT / "templates", root / "templates")
    (root / "report" / "en").mkdir(parents=True)
    (root / "report" / "editions").mkdir()
    (root / "report" / "series.toml").write_text(SERIES, encoding="utf-8")
    for name in ("_series.toml", "references.bib", "citations.csl"):
        shutil.copyfile(ROOT / "report" / "en" / name, root / "report" / "en" / name)
    edition = (
        (ROOT / "report" / "editions" / "2020-03.toml").read_text(encoding="utf-8").replace('["zh", "en"]', '["en"]')
    )
    (root / "report" / "editions" / "2020-03.toml").write_text(edition, encoding="utf-8")
    drawn = {
        "recovery_by_type",
        "recovery_by_originator",
        "waterfall_case",
        "market_context",
        "deal_recovery",
        "recovery_curve_by_type",
    }
    placed = "".join(f'{{{{ table("{key}") }}}}\n\n' for key in TABLES[:7]) + "".join(
        f'{{{{ chart("{key}") }}}}\n\n' for key in TABLES if key in drawn
    )
    for key, text in {"index": TEXT, "market": placed, "data": "{{ data_files() }}\n"}.items():
        (root / "report" / "en" / f"{key}.qmd").write_text(HEAD.format(key=key) + text, encoding="utf-8")
    path = root / "data" / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    for entry in package["resources"]:
        if entry["name"] in Dataset.OF_DEALS:
            entry["access"] = "restricted"
    path.write_text(json.dumps(package), encoding="utf-8")
    return Project(root)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Published, notes and all; accessibility is another test's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("npl_report.publish.access.check_access", lambda *_: None)
        patch.setenv("FONTCONFIG_FILE", "")  # the PDF engine sets it
        return publish(
            _project(tmp_path_factory.mktemp("tiny")), Options("2020-03", jobs=1), lambda _: None
        ).folder.parent


def texts(site: Path) -> Iterator[tuple[str, str]]:
    """Every file of the site as text, archives unpacked, notes read."""

    def told(name: str, data: bytes) -> Iterator[tuple[str, str]]:
        if name.endswith((".zip", ".xlsx")):
            with zipfile.ZipFile(BytesIO(data)) as archive:
                for part in archive.namelist():
                    yield from told(f"{name}/{part}", archive.read(part))
        elif name.endswith(".pdf"):
            with pypdfium2.PdfDocument(data) as document:
                yield name, "\n".join(page.get_textpage().get_text_bounded() for page in document)
        elif not name.endswith((".woff2", ".png", "vega.js")):
            yield name, data.decode()

    for path in sorted(site.rglob("*")):
        if path.is_file() and path.name != ".lock":
            yield from told(path.relative_to(site).as_posix(), path.read_bytes())


DEALS = re.compile(r"\b(?:Tiny|试)\s?[CMU]\d\b|[\"',;/>\s]([cmu][1-7])(?:@[\w-]+)?[\"',;.<]")


def test_what_is_looked_for_would_be_found():
    """Where nothing is restricted, the rows behind the curves hold all of it."""
    result = compute_tables(["deal_recovery"], dataset(tiny.read(_rows()), tiny.AS_OF, MARKET), tiny.edition())[
        "deal_recovery"
    ]
    text = evidence_csv(catalogue(MARKET)["deal_recovery"], result, "CNY").decode()
    assert {secret for secret in SECRETS if secret in text} == SECRETS
    assert {match[1] for match in DEALS.finditer(text)} >= {"c1", "m7"}
    assert DEALS.search(">Tiny M3<")


@pytest.mark.pdf
def test_no_row_of_a_restricted_file_is_in_any_file(site: Path):
    """Neither its amounts nor the deals' names and ids, nor a file or a link under a deal's name."""
    found = [(name, secret) for name, text in texts(site) for secret in SECRETS if secret in text]
    found += [
        (name, match.group())
        for name, text in texts(site)
        if not name.endswith("inputs.zip/data/datapackage.json")
        for match in DEALS.finditer(text)
    ]
    found += [(path.relative_to(site).as_posix(), "deals") for path in site.rglob("deals*")]
    assert found == []


def test_what_reads_of_deals_is_left_out_with_its_reason(site: Path):
    folder = site / "2020-03"
    closed = {
        "deal_summary",
        "waterfall_case",
        "window_readings",
        "deal_recovery",
        "deal_tranches",
        "senior_redemptions",
    }
    for key in TABLES:
        table = json.loads((folder / "downloads" / "tables" / f"{key}.json").read_bytes())
        assert (table.get("unavailable", {}).get("reason") == "restricted") is (key in closed), key
        passport = (folder / "en" / "tables" / f"{key}.html").read_text(encoding="utf-8")
        assert ("The deal-level rows behind this table are not public." in passport) is (
            key != "market_context" or "deals" in Dataset.OF_DEALS
        ), key
        assert (folder / "downloads" / "evidence" / f"{key}.csv").read_text(encoding="utf-8").count("\n") == 1, key
    assert not [
        path
        for path in folder.rglob("*")
        if path.name.startswith(("deal_recovery.", "recovery_by_type.")) and path.suffix == ".svg"
    ]  # their marks are deals


def test_aggregates_of_three_deals_stay(site: Path):
    table = json.loads((site / "2020-03" / "downloads" / "tables" / "recovery_by_type.json").read_bytes())
    rows = table["rows"]
    assert {row: rows[row]["n_included"] for row in rows} == {"corporate": 2, "mortgage": 6, "unsecured": 1}
    assert {row: rows[row]["mean_recovery"] is not None for row in rows} == {
        "corporate": False,
        "mortgage": True,
        "unsecured": False,
    }
    assert {row: table["gaps"].get(f"{row}/max_deal") for row in rows} == dict.fromkeys(rows, "restricted")


def test_readers_are_told(site: Path):
    page = (site / "2020-03" / "en" / "index.html").read_text(encoding="utf-8")
    assert (
        "The rows of these files are not public: deals, tranches, collections, forecasts, payments and "
        "priorities of payments."
    ) in page
    assert "figures that rest on fewer than 3 of them are left out" in page
    assert (site / "2020-03" / "en" / "data.html").read_text(encoding="utf-8").count(
        "Its rows are not published."
    ) == len(Dataset.OF_DEALS)


def test_the_manifest_has_its_hash_and_the_archive_has_it_not(site: Path):
    folder = site / "2020-03"
    manifest = json.loads((folder / "manifest.json").read_bytes())
    names = set(zipfile.ZipFile(BytesIO((folder / "inputs.zip").read_bytes())).namelist())
    assert set(manifest["restricted"]) == {f"data/{name}.csv" for name in Dataset.OF_DEALS}
    assert names == set(manifest["inputs"]) - set(manifest["restricted"])
    assert {name for name in names if name.startswith("data/")} == {
        "data/datapackage.json",
        "data/market.csv",
        "data/market.toml",
        "data/originators.csv",
    }
    assert not {name for name in names if "deal.html" in name or "quarto" in name}  # no page was made from them
