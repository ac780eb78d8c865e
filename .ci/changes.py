"""``python .ci/changes.py FILE``: what the newest edition changes against the one that readers have, in Markdown."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from npl_report.editions.folder import published
from npl_report.load.project import Project, find_project

TOOL = str(Path(sys.executable).with_name("npl-report"))


def sides(project: Project) -> tuple[str, str]:
    """The newest edition, and what it follows: the last that is published, or else the edition before it.

    Empty if none.
    """
    *earlier, newest = project.editions
    shelf = published(project.site)
    if shelf:
        return newest, "" if shelf[-1].manifest.edition == newest else shelf[-1].folder
    return newest, earlier[-1] if earlier else ""


def changes(project: Project) -> str:
    """The Markdown."""
    newest, old = sides(project)
    if not old:
        return f"The newest edition, {newest}, is published or the first of all: there is nothing to compare it with.\n"
    said = subprocess.run([TOOL, "diff", old, newest], cwd=project.root, capture_output=True, text=True, check=False)
    if said.returncode:
        sys.exit(said.stderr)
    return f"What edition {newest} changes against {old}:\n\n```\n{said.stdout}```\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(changes(find_project(Path.cwd())), encoding="utf-8")
