"""``python .ci/site.py open|publish TAG|keep TAG``: the branch ``site``, which keeps what is published.

open       site/ as the branch has it, or empty where nothing is published yet
publish    the edition that the tag names: edition-2021-12, or edition-2021-12-r2 for its second revision
keep       site/ as the next commit of the branch
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

SITE = Path("site")
BRANCH = "site"
TOOL = str(Path(sys.executable).with_name("npl-report"))
_ABSENT = 2
"""What git ls-remote answers for a branch that is not there."""


def main(arguments: list[str]) -> None:
    """Carry out one step; the first command that fails ends it with its own exit status."""
    match arguments:
        case ["open"]:
            open_()
        case ["publish", tag]:
            publish(tag)
        case ["keep", tag]:
            keep(tag)
        case _:
            print(__doc__, file=sys.stderr)
            sys.exit(2)


def open_() -> None:
    """Clone the branch; where there is none begin it, so that keep makes its first commit."""
    told = subprocess.run(["git", "remote", "get-url", "origin"], capture_output=True, text=True, check=True)
    origin = told.stdout.strip()
    question = ["git", "ls-remote", "--exit-code", "--heads", origin, BRANCH]
    asked = subprocess.run(question, stdout=subprocess.DEVNULL, check=False).returncode
    if asked == _ABSENT:
        run("git", "init", "--quiet", f"--initial-branch={BRANCH}", str(SITE))
        run("git", "-C", str(SITE), "remote", "add", "origin", origin)
    elif asked:
        sys.exit(asked)
    else:
        run("git", "clone", "--quiet", "--single-branch", f"--branch={BRANCH}", origin, str(SITE))


def publish(tag: str) -> None:
    """Publish what the tag names, build it once more from what was recorded, and verify all that is published."""
    edition, revision = named(tag)
    run(TOOL, "publish", edition, *(["--revision"] if revision else []))
    run(TOOL, "verify", f"{edition}{revision}", "--rebuild")
    run(TOOL, "verify")


def named(tag: str) -> tuple[str, str]:
    """``edition-2021-12-r2`` → ``2021-12``, ``-r2``; a first revision has no number."""
    found = re.fullmatch(r"edition-(.+?)(-r(?:[2-9]|[1-9]\d+))?", tag)
    if not found:
        sys.exit(f"{tag}: a tag that publishes is edition-EDITION, or edition-EDITION-rN for a revision")
    return found[1], found[2] or ""


def keep(tag: str) -> None:
    """Commit and push site/, and take git's own files out of it: the folder is what readers get."""
    actor = os.environ.get("GITHUB_ACTOR", "npl-report")
    who = ["-c", f"user.name={actor}", "-c", f"user.email={actor}@users.noreply.github.com"]
    (SITE / ".lock").unlink(missing_ok=True)
    run("git", "-C", str(SITE), "add", "--all")
    run("git", "-C", str(SITE), *who, "commit", "--quiet", f"--message={tag}")
    run("git", "-C", str(SITE), "push", "--quiet", "origin", f"HEAD:{BRANCH}")
    shutil.rmtree(SITE / ".git")


def run(*command: str) -> None:
    """One command, shown; its failure is ours."""
    print(f"$ {' '.join(command)}", flush=True)
    code = subprocess.run(command, check=False).returncode
    if code:
        sys.exit(code)


if __name__ == "__main__":
    main(sys.argv[1:])
