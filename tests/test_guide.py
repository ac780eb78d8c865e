"""The user's guide names every helper and command, and has every section that a message refers to."""

from __future__ import annotations

import re
from unittest.mock import Mock

import pytest

from npl_report.cli.app import app
from npl_report.load.guide import guide
from npl_report.model import InputError
from npl_report.present.pages import REVISIONS, Pages
from npl_report.text.binding import HELPERS
from tests.helpers.running import ROOT

_CODE = re.compile(r"`([^`\n]+)`")
_REFERRED = re.compile(r"npl-report guide ([a-z][a-z-]*)")
_ADDRESS = re.compile(r"\]\((?:docs/guide\.md)?#([\w-]+)\)")


def words(text: str) -> set[str]:
    """Words in the code of a text."""
    return {word for code in _CODE.findall(text) for word in re.findall(r"[\w-]+", code)}


def test_every_helper_is_in_the_guide():
    every = {*HELPERS, *Pages._helpers(Mock())}
    assert every - words(guide("helpers")) == set()
    assert {*REVISIONS} - words(guide("helpers")) == set()


def test_every_command_is_in_the_guide():
    names = {str(command.name) for command in app.registered_commands}
    assert len(names) > 15
    assert names - words(guide("commands")) == set()


def test_every_section_that_is_referred_to_is_there():
    files = [path for path in (ROOT / "npl_report").rglob("*") if path.suffix in {".py", ".toml", ".txt", ".qmd"}]
    referred = {name for path in files for name in _REFERRED.findall(path.read_text(encoding="utf-8"))}
    assert referred >= {"claims", "helpers", "mail"}
    assert all(guide(name) for name in referred)


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", "docs/guide.md"])
def test_links_into_the_guide_lead_to_a_section(document: str):
    text = (ROOT / document).read_text(encoding="utf-8")
    own = document == "docs/guide.md"
    addresses = _ADDRESS.findall(text) if own else re.findall(r"\(docs/guide\.md#([\w-]+)\)", text)
    assert addresses
    assert all(guide(name) for name in addresses)


def test_no_message_refers_to_a_file_that_is_not_installed():
    files = (path for path in (ROOT / "npl_report").rglob("*.py") if path.name != "fonts.py")
    assert [
        path.name for path in files if re.search(r"CONTRIBUTING\.md (?!\))", path.read_text(encoding="utf-8"))
    ] == []


def test_a_section_ends_where_the_next_begins():
    assert guide("helpers").startswith("### Helpers\n")
    assert "### Pictures" not in guide("helpers")
    assert "### Helpers" in guide("Prose")
    assert guide().startswith("# The user's guide\n")


def test_an_unknown_section_is_told_with_the_nearest():
    with pytest.raises(InputError, match=r"found 'claim': the guide has no such section\n    → did you mean claims\?"):
        guide("claim")
    with pytest.raises(InputError, match="it has begin, commands, files, market"):
        guide("zzzz")
