"""The sample with an eighth class, a mezzanine tranche and a third language, by data, words and prose alone."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from npl_report.model import steps_of
from tests.build.test_market_by_data import WINDOW
from tests.helpers.running import EDITION, ROOT, Command, copy_project

LADDER = ("senior", "mezzanine", "subordinated")
LEASES = """
[[class]]
key = "leases"
name = { zh = "融资租赁类不良", en = "Finance lease", it = "Leasing" }
inline = { it = "di leasing" }
short = { zh = "租赁类" }

[[tranche]]
key = "mezzanine"
rank = 2
coupon = "fixed"
name = { zh = "中间档", en = "Mezzanine", it = "Mezzanine" }
"""
FILES = ("deals", "tranches", "payments", "priorities", "originators")
Rows = dict[str, list[dict[str, str]]]


def replaced(text: str, old: str, new: str) -> str:
    """The text with what stands there once."""
    assert text.count(old) == 1
    return text.replace(old, new)


def read(data: Path) -> Rows:
    """The rows of the files that change."""
    found = {}
    for name in FILES:
        with (data / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            found[name] = list(csv.DictReader(file))
    return found


def write(data: Path, rows: Rows) -> None:
    for name, records in rows.items():
        with (data / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(records[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(records)


def with_mezzanine(rows: Rows, deal: str) -> None:
    """A fifth of the senior tranche of a deal becomes a mezzanine one, in a priority of its own."""
    of = next(row for row in rows["deals"] if row["deal"] == deal)
    of["priority"] = "ladder"
    rows["priorities"] += [
        {"priority": "ladder", "phase": "ordinary", "position": str(position), "step": step}
        for position, step in enumerate(steps_of(LADDER), 1)
    ]
    senior = next(row for row in rows["tranches"] if (row["deal"], row["tranche"]) == (deal, "senior"))
    face = float(senior["face"])
    rows["tranches"].append({**senior, "tranche": "mezzanine", "face": f"{face / 5:g}", "coupon": "0.06"})
    senior["face"] = f"{face * 4 / 5:g}"
    left = face * 4 / 5
    for row in (row for row in rows["payments"] if (row["deal"], row["tranche"]) == (deal, "senior")):
        row["principal"] = f"{min(float(row['principal']), left):.4f}"
        left = max(0.0, left - float(row["principal"]))


def in_italian(data: Path, rows: Rows) -> None:
    """Names and descriptions in a third language, here those of the second."""
    for name, stems in (("deals", ("name",)), ("originators", ("name", "short"))):
        for row in rows[name]:
            row |= {f"{stem}_it": row[f"{stem}_en"] for stem in stems}
    package = json.loads((data / "datapackage.json").read_text(encoding="utf-8"))
    package["synthetic"]["notice"]["it"] = "Dati ricostruiti."
    for resource in package["resources"]:
        fields = resource["schema"]["fields"]
        fields += [
            {**field, "name": field["name"].replace("_en", "_it")} for field in fields if field["name"].endswith("_en")
        ]
    translated(package, lambda entry: {f"{key}_it": entry[key] for key in ("title", "description") if key in entry})
    (data / "datapackage.json").write_text(json.dumps(package, ensure_ascii=False), encoding="utf-8")


def translated(node: Any, more: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Every part of the description with what is said of it in a further language."""
    if isinstance(node, dict):
        for part in node.values():
            translated(part, more)
        node |= more(node)
    for part in node if isinstance(node, list) else ():
        translated(part, more)


def extended(project: Path) -> tuple[str, str]:
    """The project with all three; the deal that is one of leases, and the one with a mezzanine tranche."""
    data, report = project / "data", project / "report"
    market = (data / "market.toml").read_text(encoding="utf-8")
    market = replaced(market, 'key = "subordinated"\nrank = 2', 'key = "subordinated"\nrank = 3')
    (data / "market.toml").write_text(market + LEASES, encoding="utf-8")
    rows = read(data)
    issued = [row["deal"] for row in rows["deals"] if row["issue_date"] < "2019" and row["asset_type"] == "corporate"]
    lease, ladder = issued[:2]
    next(row for row in rows["deals"] if row["deal"] == lease).update(asset_type="leases", asset_class="")
    with_mezzanine(rows, ladder)
    in_italian(data, rows)
    write(data, rows)
    shutil.copytree(ROOT / "samples" / "euro" / "report" / "it", report / "it")
    shutil.copyfile(report / "en" / "references.bib", report / "it" / "references.bib")
    edition = report / "editions" / f"{EDITION}.toml"
    text = replaced(edition.read_text(encoding="utf-8"), '["zh", "en"]', '["zh", "en", "it"]')
    edition.write_text(text + WINDOW, encoding="utf-8")
    return lease, ladder


def test_an_eighth_class_a_mezzanine_tranche_and_a_third_language(npl_report: Command, tmp_path: Path):
    project = copy_project(tmp_path / "project")
    lease, ladder = extended(project)
    ran = npl_report("build", "--edition", EDITION, "--no-pdf", cwd=project)
    assert ran.code == 0, ran.err
    built = project / "build" / EDITION
    for language, class_name, tranche in (
        ("zh", "融资租赁类不良", "中间档"),
        ("en", "Finance lease", "Mezzanine"),
        ("it", "Leasing", "Mezzanine"),
    ):
        text = {
            page: (built / language / page).read_text(encoding="utf-8")
            for page in ("structure.html", "recovery.html", f"deals/{lease}.html", f"deals/{ladder}.html")
        }
        assert class_name in text["recovery.html"]
        assert class_name in text[f"deals/{lease}.html"]
        assert tranche in text["structure.html"]
        assert tranche in text[f"deals/{ladder}.html"]
        assert tranche not in text[f"deals/{lease}.html"]
    with (built / "downloads" / "tables" / "structure_by_type.csv").open(encoding="utf-8-sig", newline="") as file:
        shares = {row["row"]: row["mezzanine_share [fraction]"] for row in csv.DictReader(file)}
    assert shares["leases"] == ""
    assert 0 < float(shares["corporate"]) < 0.2
