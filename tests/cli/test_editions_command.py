"""``npl-report editions``: the one order of editions, for scripts and workflows."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from tests.helpers.running import ROOT, Command

EDITION = (ROOT / "report" / "editions" / "2020-03.toml").read_text(encoding="utf-8")


def test_editions_by_their_days(npl_report: Command, tmp_path: Path):
    """As text, 2020-9 would be the latest."""
    folder = tmp_path / "report" / "editions"
    folder.mkdir(parents=True)
    (tmp_path / "report" / "series.toml").write_text('[[chapter]]\nkey = "index"\n', encoding="utf-8")
    (tmp_path / "data").mkdir()
    shutil.copy(ROOT / "data" / "market.toml", tmp_path / "data")
    for language in ("en", "zh"):
        (tmp_path / "report" / language).mkdir()
        (tmp_path / "report" / language / "index.qmd").write_text("", encoding="utf-8")
    for id_, day in (("2020-10", "2020-10-31"), ("2020-9", "2020-09-30")):
        text = EDITION.replace("2020-03-17", day).replace("2020-04-15", "2020-11-15")
        (folder / f"{id_}.toml").write_text(text, encoding="utf-8")
    ran = npl_report("editions", cwd=tmp_path)
    assert (ran.code, ran.out) == (0, "2020-9\n2020-10\n")
    ran = npl_report("editions", "--json", cwd=tmp_path)
    facts = json.loads(ran.out)["editions"]
    assert [(item["edition"], item["as_of"], item["published"]) for item in facts] == [
        ("2020-9", "2020-09-30", False),
        ("2020-10", "2020-10-31", False),
    ]
    assert facts[0] | {"edition": ""} == {
        "edition": "",
        "as_of": "2020-09-30",
        "published_on": "2020-11-15",
        "revision": 1,
        "languages": ["zh", "en"],
        "published": False,
    }
