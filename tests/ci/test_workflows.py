"""The workflows, which no test can run.

Each step is a make target or a program of ours, and what they name is there.
"""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from npl_report.cli.app import app
from tests.helpers.running import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
COMMANDS = {item.name or item.callback.__name__ for item in app.registered_commands if item.callback}
EVENTS = {"push", "pull_request", "workflow_dispatch", "workflow_call", "schedule"}
GITHUB = {"gh auth setup-git", 'gh pr comment "$NUMBER" --edit-last --create-if-none --body-file changes.md'}
"""What only GitHub can do: one command without a choice in it."""


def jobs() -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    for path in WORKFLOWS:
        workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
        for name, job in workflow["jobs"].items():
            yield f"{path.name}, {name}", job, workflow["jobs"]


def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def known(line: str) -> bool:
    """Whether a step's command is one of ours."""
    if line in GITHUB:
        return True
    words = shlex.split(line)
    match words:
        case ["make", *goals]:
            return {goal for goal in goals if "=" not in goal} <= targets()
        case [".venv/bin/npl-report", command, *_]:
            return command in COMMANDS
        case [".venv/bin/python", program, *_]:
            return (ROOT / program).is_file()
        case ["python3", "-m", module, *_]:
            return (ROOT / Path(*module.split("."))).with_suffix(".py").is_file()
        case [program, *_]:
            return (ROOT / program).is_file() and (ROOT / program).stat().st_mode & 0o111 != 0
    return False


def test_every_step_is_a_make_target_or_a_program_of_ours():
    steps = [(name, step["run"].strip()) for name, job, _ in jobs() for step in job.get("steps", ()) if "run" in step]
    assert [(name, line) for name, line in steps if not known(line)] == []
    assert len(steps) > 10


def test_every_target_that_a_workflow_makes_can_be_made():
    goals = {
        line
        for _, job, _ in jobs()
        for step in job.get("steps", ())
        if (line := step.get("run", "")).startswith("make ")
    }
    failed = {}
    for goal in goals:
        tried = subprocess.run([*shlex.split(goal), "--dry-run"], cwd=ROOT, capture_output=True, text=True, check=False)
        if tried.returncode:
            failed[goal] = tried.stderr
    assert failed == {}
    assert "make test-all" in goals


def test_what_a_job_refers_to_is_there():
    """Jobs that it needs, values of its matrix, and steps whose outputs it reads; the linter looks at none of them."""
    strange = []
    for name, job, every in jobs():
        needs = job.get("needs", [])
        text = str(job)
        asked = {("needs", item) for item in ([needs] if isinstance(needs, str) else needs)}
        asked |= {(kind, item) for kind, item in re.findall(r"\b(matrix|steps|needs)\.([\w-]+)", text)}
        there = {("needs", item) for item in every} | {
            ("matrix", item) for item in job.get("strategy", {}).get("matrix", {})
        }
        there |= {("steps", step["id"]) for step in job.get("steps", ()) if "id" in step}
        strange += [(name, *item) for item in sorted(asked - there)]
    assert strange == []


def test_events_are_known():
    strange = {
        path.name: set(yaml.safe_load(path.read_text(encoding="utf-8"))[True]) - EVENTS for path in WORKFLOWS
    }  # YAML 1.1 reads on as true
    assert {name: events for name, events in strange.items() if events} == {}


def test_all_tests_run_daily_and_before_publishing():
    daily = yaml.safe_load((ROOT / ".github" / "workflows" / "test-all.yml").read_text(encoding="utf-8"))
    publish = yaml.safe_load((ROOT / ".github" / "workflows" / "publish.yml").read_text(encoding="utf-8"))
    assert "schedule" in daily[True]
    assert [step["run"] for step in daily["jobs"]["test-all"]["steps"] if "run" in step] == ["make test-all"]
    first = next(name for name, job in publish["jobs"].items() if job.get("uses", "").endswith("/test-all.yml"))
    assert publish["jobs"]["publish"]["needs"] == first
