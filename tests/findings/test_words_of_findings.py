"""Every sentence that a finding can say has words in every language, and there are no words that none says."""

from __future__ import annotations

import ast
import inspect
from importlib import import_module

import pytest

from npl_report import findings
from npl_report.text.lint import hand_typed
from npl_report.text.ownwords import FINDINGS
from npl_report.text.words import Words, compare, finding_words

LANGUAGES = ("en", "it", "zh")


def _said(chapter: str) -> dict[str, set[str]]:
    """Function → the names of what it says, or lets a private function of its module say."""
    tree = ast.parse(inspect.getsource(import_module(f"npl_report.findings.{chapter}")))
    own: dict[str, set[str]] = {}
    calls: dict[str, set[str]] = {}
    for function in (node for node in tree.body if isinstance(node, ast.FunctionDef)):
        named = [node for node in ast.walk(function) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
        calls[function.name] = {node.func.id for node in named}
        own[function.name] = set().union(*(_names(node.args[0]) for node in named if node.func.id == "say"))
    return {
        name: said.union(*(own[other] for other in _reached(name, calls) & own.keys()))
        for name, said in own.items()
        if not name.startswith("_")
    }


def _names(asked: ast.expr) -> set[str]:
    """What is asked for by name: one, or one of two."""
    if isinstance(asked, ast.IfExp):
        return _names(asked.body) | _names(asked.orelse)
    assert isinstance(asked, ast.Constant), f"line {asked.lineno}: the name of what is said must stand in say(…)"
    return {asked.value}


def _reached(name: str, calls: dict[str, set[str]]) -> set[str]:
    found, todo = set(), {name}
    while todo:
        found |= todo
        todo = set().union(*(calls.get(one, set()) for one in todo)) - found
    return {one for one in found if one.startswith("_")}


def _words(chapter: str) -> dict[str, Words]:
    return {language: finding_words(language, chapter) for language in LANGUAGES}


@pytest.mark.parametrize("chapter", findings.CHAPTERS)
def test_what_is_said_has_words(chapter: str):
    wanted = {
        key if "." in key else f"{name}.{key}"  # words of several findings are named with their section
        for name, keys in _said(chapter).items()
        for key in keys
    }
    for language, words in _words(chapter).items():
        assert set(words.leaves()) == wanted, language


@pytest.mark.parametrize("chapter", findings.CHAPTERS)
def test_languages_have_the_same_words(chapter: str):
    assert compare(_words(chapter)) == []


@pytest.mark.parametrize("chapter", findings.CHAPTERS)
def test_no_figure_is_typed_in_a_finding(chapter: str):
    for words in _words(chapter).values():
        for key in words.leaves():
            assert hand_typed(str(words[key]), words.source_file) == [], key


def test_every_module_is_a_chapter_and_every_finding_is_told_what_it_says():
    modules = {path.stem for path in FINDINGS.parent.glob("*.py")} - {"__init__", "telling"}
    assert modules == set(findings.CHAPTERS)
    for name, finding in findings.catalogue().items():
        assert finding.__doc__, name
