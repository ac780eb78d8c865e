"""An edition with a table and a kind of chart of the project's own: archived, verified, and run only if it is known."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from tests.helpers.owntables import CODE, KEY, placed_table
from tests.helpers.running import EDITION, Command


def test_published_with_its_code_and_verified(tiny_project: Path, npl_report: Command):
    folder = placed_table(tiny_project)
    published = npl_report("publish", EDITION, "--jobs", "2", cwd=tiny_project)
    assert published.code == 0, published.err
    site = tiny_project / "site" / EDITION
    own = {f"tables/{KEY}/__init__.py", f"tables/{KEY}/en.toml", f"tables/{KEY}/zh.toml", "charts/bars.py"}
    with zipfile.ZipFile(site / "inputs.zip") as archive:
        assert own <= {*archive.namelist()}
    assert own <= json.loads((site / "manifest.json").read_text(encoding="utf-8"))["inputs"].keys()
    assert (site / "downloads" / "charts" / f"{KEY}.en.svg").is_file()
    assert "Largest pool" in (site / "en" / "tables" / f"{KEY}.html").read_text(encoding="utf-8")

    rebuilt = npl_report("verify", "--rebuild", "--jobs", "2", cwd=tiny_project)
    assert rebuilt.code == 0, rebuilt.err

    (folder / "__init__.py").write_text(CODE.replace(".max()", ".min()"), encoding="utf-8")
    assert npl_report("verify", cwd=tiny_project).code == 0, "hashes need no code"
    refused = npl_report("verify", "--rebuild", "--jobs", "2", cwd=tiny_project)
    assert refused.code == 1
    rule = "holds tables or charts of its own that are not those of the project: code, which is not run unasked"
    assert refused.err.splitlines()[-3:] == [
        f"site/{EDITION}/inputs.zip: {rule}",
        "    → read tables, charts in it, and then give --own-code",
        "1 problem; nothing was written",
    ]
    asked = npl_report("verify", "--rebuild", "--own-code", "--jobs", "2", cwd=tiny_project)
    assert asked.code == 0, asked.err


def test_one_message_for_a_table_that_fails(tiny_project: Path, npl_report: Command):
    """Through the command, in processes of their own: no traceback, and it is not our bug."""
    folder = placed_table(tiny_project)
    code = CODE.replace('deals["pool_balance"].max()', 'deals["pool_balanse"].max()')
    (folder / "__init__.py").write_text(code, encoding="utf-8")
    failed = npl_report("build", "--edition", EDITION, "--no-pdf", cwd=tiny_project)
    assert (failed.code, failed.out) == (1, "")
    assert [line for line in failed.err.splitlines() if not line.startswith("[")] == [
        f"tables/{KEY}/__init__.py, row 14: cannot be computed: KeyError: 'pool_balanse'",
        "    → it is code of the project's own: put the line right, and look at a table of the program for the form",
        "1 problem; nothing was written",
    ]


def test_a_chart_that_fails_is_told_by_check(tiny_project: Path, npl_report: Command):
    placed_table(tiny_project)
    path = tiny_project / "charts" / "bars.py"
    path.write_text(path.read_text(encoding="utf-8").replace("theme.ACCENT", "theme.ACENT"), encoding="utf-8")
    failed = npl_report("check", "--edition", EDITION, cwd=tiny_project)
    assert failed.code == 1
    assert "charts/bars.py, row 17: has a chart that cannot be drawn: AttributeError: " in failed.err
    assert failed.err.endswith("1 problem; nothing was written\n")
