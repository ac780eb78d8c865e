"""A class that the market did not have is added by editing data and an edition alone, and is on every page."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from tests.helpers import ladders, tiny
from tests.helpers.running import EDITION, LATER_EDITION, Command

EIGHTH = """
[[class]]
key = "leases"
name = { zh = "融资租赁类不良", en = "Finance lease" }
short = { zh = "租赁类" }
"""
WINDOW = """
[windows.leases]
low = 30
high = 39
source = "chosen"
"""


def with_leases(project: Path, edition: str = LATER_EDITION) -> None:
    """c2, of which there is a reading at the age of 36 months, becomes a deal of leases."""
    data = project / "data"
    with (data / "market.toml").open("a", encoding="utf-8") as file:
        file.write(EIGHTH)
    with (data / "deals.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    next(row for row in rows if row["deal"] == "c2")["asset_type"] = "leases"
    with (data / "deals.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    path = project / "report" / "editions" / f"{edition}.toml"
    path.write_text(path.read_text(encoding="utf-8") + WINDOW, encoding="utf-8")


def publish(project: Path, table: str) -> None:
    """Add a table to those of the publication."""
    series = project / "report" / "series.toml"
    text = series.read_text(encoding="utf-8")
    series.write_text(text.replace("supporting = [", f'supporting = ["{table}", ', 1), encoding="utf-8")


def test_an_eighth_class(npl_report: Command, tiny_project: Path):
    with_leases(tiny_project)
    publish(tiny_project, "issuance_by_year")
    for language in ("zh", "en"):
        with (tiny_project / "report" / language / "recovery.qmd").open("a", encoding="utf-8") as file:
            file.write('\n\n{{ chart("issuance_by_year") }}\n')
    ran = npl_report("build", "--edition", LATER_EDITION, "--no-pdf", cwd=tiny_project)
    assert ran.code == 0, ran.err
    built = tiny_project / "build" / LATER_EDITION
    for language, name, short in (("en", "Finance lease", "Finance lease"), ("zh", "融资租赁类不良", "租赁类")):
        assert name in (built / language / "tables" / "recovery_by_type.html").read_text(encoding="utf-8")
        assert name in (built / language / "deals" / "c2.html").read_text(encoding="utf-8")
        assert short in (built / language / "tables" / "issuance_by_year.html").read_text(encoding="utf-8")
    with (built / "downloads" / "tables" / "issuance_by_year.csv").open(encoding="utf-8-sig", newline="") as file:
        total = next(row for row in csv.DictReader(file) if row["row"] == "total")
    parts = [float(total[f"{kind} [cny_mn]"]) for kind in ("corporate", "mortgage", "unsecured", "leases")]
    assert parts == [400, 350, 150, 100]  # of 500 corporate c2 was 100


def test_an_edition_that_has_no_window_for_it(npl_report: Command, tiny_project: Path):
    with_leases(tiny_project)
    ran = npl_report("check", "--edition", EDITION, cwd=tiny_project)
    assert ran.code == 1
    assert "column asset_type: found 'leases'" in ran.err
    assert "add [windows.leases] to the edition" in ran.err
    assert "Traceback" not in ran.err


def test_an_edition_is_the_same_when_a_class_is_added_that_it_does_not_report(npl_report: Command, tiny_project: Path):
    command = ("build", "--edition", EDITION, "--no-pdf", "--lang", "en")
    assert npl_report(*command, cwd=tiny_project).code == 0
    built = tiny_project / "build" / EDITION
    before = {path: path.read_bytes() for path in built.rglob("*") if path.is_file()}
    with (tiny_project / "data" / "market.toml").open("a", encoding="utf-8") as file:
        file.write(EIGHTH)
    assert npl_report(*command, cwd=tiny_project).code == 0
    changed = {path.relative_to(built).as_posix() for path, content in before.items() if path.read_bytes() != content}
    assert changed <= {"manifest.json", "SHA256SUMS"}
    assert "manifest.json" in changed


def rows_of(project: Path, name: str) -> list[dict[str, str]]:
    with (project / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_rung_between_the_two(npl_report: Command, tiny_project: Path):
    """A mezzanine tranche of c1 and m1, by market.toml and rows of four files."""
    data = tiny_project / "data"
    (data / "market.toml").write_text(ladders.market(), encoding="utf-8")
    for name in ("deals", "tranches", "payments", "priorities"):
        columns = list(rows_of(tiny_project, name)[0])
        tiny.write_csv(data / f"{name}.csv", ladders.rows()[name], columns)
    publish(tiny_project, "structure_by_type")
    ran = npl_report("build", "--edition", EDITION, "--no-pdf", cwd=tiny_project)
    assert ran.code == 0, ran.err
    built = tiny_project / "build" / EDITION
    for language, name in (("en", "Mezzanine"), ("zh", "中间档")):
        c1, c2 = ((built / language / "deals" / f"{deal}.html").read_text(encoding="utf-8") for deal in ("c1", "c2"))
        assert name in c1
        assert name not in c2
    with (built / "downloads" / "tables" / "structure_by_type.csv").open(encoding="utf-8-sig", newline="") as file:
        shares = {row["row"]: row["mezzanine_share [fraction]"] for row in csv.DictReader(file)}
    assert (shares["total"], shares["unsecured"]) == ("0.08", "")  # 80 of 1000


def test_another_currency(npl_report: Command, tiny_project: Path):
    """Its code, what stands beside amounts and what prose calls it, by data alone; files say so in their units."""
    data = tiny_project / "data"
    market = (data / "market.toml").read_text(encoding="utf-8")
    for old, new in (
        ('"CNY"', '"EUR"'),
        ('zh = "元"', 'zh = "欧元"'),
        ('zh = "人民币", en = "yuan"', 'zh = "欧元", en = "euro"'),
    ):
        assert old in market
        market = market.replace(old, new)
    (data / "market.toml").write_text(market, encoding="utf-8")
    assert npl_report("check", "--edition", EDITION, cwd=tiny_project).code == 1  # the files are in yuan still
    for name in ("datapackage.json", "market.csv"):
        text = (data / name).read_text(encoding="utf-8")
        (data / name).write_text(text.replace("CNY", "EUR"), encoding="utf-8")
    publish(tiny_project, "structure_by_type")
    ran = npl_report("build", "--edition", EDITION, "--no-pdf", cwd=tiny_project)
    assert ran.code == 0, ran.err
    built = tiny_project / "build" / EDITION
    head = (
        (built / "downloads" / "tables" / "structure_by_type.csv").read_text(encoding="utf-8-sig").partition("\r\n")[0]
    )
    assert "issuance [eur_mn]" in head
    for language, amount in (("en", "EUR 1,000 mn"), ("zh", "10.00亿欧元")):
        page = (built / language / "deals" / "c1.html").read_text(encoding="utf-8")
        assert amount in page
        assert "CNY" not in page
        assert "亿元" not in page


def test_other_names_of_documents_and_parties(npl_report: Command, tiny_project: Path):
    """A business plan for a circular and sellers for originators, with the articles that English needs."""
    path = tiny_project / "data" / "market.toml"
    market = path.read_text(encoding="utf-8")
    for old, new in (
        ("offering circular", "business plan"),
        ("an business", "a business"),
        ('"originator"', '"seller"'),
        ('"originators"', '"sellers"'),
        ('"an originator"', '"a seller"'),
        ("trustee report", "servicer report"),
        ("发行说明书", "处置计划"),
        ("发起机构", "出售方"),
    ):
        assert old in market
        market = market.replace(old, new)
    path.write_text(market, encoding="utf-8")
    for language, line in (
        ("en", "Of {{ term.a_originator }} and {{ term.A_report }}."),
        ("zh", "{{ term.originator }}。"),
    ):
        with (tiny_project / "report" / language / "recovery.qmd").open("a", encoding="utf-8") as file:
            file.write(f"\n\n{line}\n")
    ran = npl_report("build", "--edition", EDITION, "--no-pdf", cwd=tiny_project)
    assert ran.code == 0, ran.err
    built = tiny_project / "build" / EDITION
    assert "Of a seller and A servicer report." in (built / "en" / "recovery.html").read_text(encoding="utf-8")
    for language, said, unsaid in (
        ("en", ("business plan", "Seller", "servicer report"), ("offering circular", "riginator<", "trustee report")),
        ("zh", ("处置计划", "出售方"), ("发行说明书",)),  # the notice on the data names originators
    ):
        pages = [
            page for page in (built / language).rglob("*.html") if page.name != "data.html"
        ]  # the data say so there
        text = "".join(page.read_text(encoding="utf-8") for page in pages)
        assert [word for word in said if word not in text] == []
        assert [word for word in unsaid if word in text] == []


def test_kinds_of_originators(npl_report: Command, tiny_project: Path):
    """A fund and a bank: market.toml says what they are called, the column kind which is which."""
    data = tiny_project / "data"
    text = (data / "market.toml").read_text(encoding="utf-8")
    added = '[[originator]]\nkey = "fund"\nname = { zh = "基金", en = "Credit fund" }\n\n[[originator]]\nkey = "bank"'
    (data / "market.toml").write_text(text.replace('[[originator]]\nkey = "bank"', added), encoding="utf-8")
    package = json.loads((data / "datapackage.json").read_text(encoding="utf-8"))
    fields = next(of for of in package["resources"] if of["name"] == "originators")["schema"]["fields"]
    fields.append({"name": "kind", "type": "string", "description": "What it is", "description_zh": "类型"})
    (data / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")

    def write(kind: str) -> None:
        kinds = {"east": kind, "west": ""}
        rows = [{**row, "kind": kinds[row["originator"]]} for row in tiny.rows()["originators"]]
        tiny.write_csv(data / "originators.csv", rows)

    write("fnud")
    ran = npl_report("check", "--edition", EDITION, cwd=tiny_project)
    assert ran.code == 1
    assert "originators.csv, row 2, column kind: found 'fnud'" in ran.err
    assert "data/market.toml describes no such kind of originator" in ran.err
    assert "fund" in ran.err
    write("fund")
    ran = npl_report("build", "--edition", EDITION, "--no-pdf", cwd=tiny_project)
    assert ran.code == 0, ran.err
    built = tiny_project / "build" / EDITION
    for language, name in (("en", "Credit fund"), ("zh", "基金")):
        east, west = ((built / language / "originators" / f"{of}.html").read_text("utf-8") for of in ("east", "west"))
        assert name in east
        assert name not in west
