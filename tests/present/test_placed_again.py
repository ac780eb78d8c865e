"""A table that stands a second time: the same table, with ids of its own, and references lead to the first."""

from __future__ import annotations

import re
from pathlib import Path

from tests.helpers.running import Command


def test_a_table_stands_again(tiny_project: Path, npl_report: Command):
    call = '{{ table("recovery_by_type", again=true) }}'
    for name in ("recovery", "revisions"):
        with (tiny_project / "report" / "en" / f"{name}.qmd").open("a", encoding="utf-8") as page:
            page.write(f'\n{call}\n\n{call}\n\n{{{{ ref("recovery_by_type") }}}} stands there.\n')
    built = npl_report("build", "--edition", "2020-03", "--lang", "en", "--jobs", "2", cwd=tiny_project)
    assert built.code == 0, built.err
    for name, first in (("recovery", 1), ("revisions", 0)):
        html = (tiny_project / "build" / "2020-03" / "en" / f"{name}.html").read_text(encoding="utf-8")
        ids = re.findall(r'<figure class="table[^"]*" id="(tbl-recovery_by_type[^"]*)"', html)
        assert ids == ["tbl-recovery_by_type"] * first + [
            f"tbl-recovery_by_type-again-{name}-{number}" for number in (1, 2)
        ]
        every = re.findall(r' id="([^"]+)"', html)
        assert len(every) == len(set(every))
        assert 'href="recovery.html#tbl-recovery_by_type"' in html
