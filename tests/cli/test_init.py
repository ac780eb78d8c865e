"""``npl-report init`` as it is called: with options, on a terminal, and where nobody answers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.running import Command

pty = pytest.importorskip("pty")


def test_init_asks_nothing_where_nobody_answers(npl_report: Command, tmp_path: Path):
    told = npl_report("init", str(tmp_path / "own"), "--sample", "none", "--chapters", "latest", cwd=tmp_path)
    assert told.code == 0, told.err
    assert "kept, for the others build on them: index, market" in told.out
    assert "npl-report check says what to fill in" in told.out


def test_it_asks_on_a_terminal(tmp_path: Path):
    """Enter takes what is proposed."""
    ours, theirs = pty.openpty()
    os.write(ours, b"none\nit\n\nCHF\n")
    command = [sys.executable, "-m", "npl_report", "init", "own"]
    told = subprocess.run(command, cwd=tmp_path, stdin=theirs, capture_output=True, text=True, check=False, timeout=60)
    os.close(ours)
    os.close(theirs)
    assert told.returncode == 0, told.stderr
    assert "sample (china, euro, none; none: your own data) [china]" in told.stdout
    assert "kept" not in told.stdout
    assert 'code = "CHF"' in (tmp_path / "own" / "data" / "market.toml").read_text(encoding="utf-8")
    assert {path.name for path in (tmp_path / "own" / "report").iterdir()} == {"editions", "it", "series.toml"}
    assert (tmp_path / "own" / "report" / "it" / "latest.qmd").is_file()
