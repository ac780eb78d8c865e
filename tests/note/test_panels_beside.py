"""Panels that stand beside each other: three to a line of the note, whatever their number."""

from __future__ import annotations

from types import SimpleNamespace

import jinja2
import pytest

from tests.helpers.running import ROOT


@pytest.mark.parametrize(("panels", "breaks"), [(1, 0), (3, 0), (4, 1), (6, 1), (7, 2)])
def test_a_line_holds_three(panels: int, breaks: int):
    folder = ROOT / "templates" / "html" / "_partials"
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(folder), trim_blocks=True, autoescape=True)
    figure = SimpleNamespace(
        key="x",
        label="Figure",
        title="Title",
        absent="",
        beside=True,
        alt="text",
        panels=[
            SimpleNamespace(title=str(number), name=f"x.{number}", svg="", narrow="", script="")
            for number in range(panels)
        ],
    )
    words = {"ui": {"source": "Source", "colon": ": ", "semicolon": "; "}}
    for medium, expected in (("print", breaks), ("site", 0)):
        text = environment.get_template("figure.html").render(
            figure=figure, sources=("ours",), words=words, medium=medium, up=""
        )
        assert (text.count('class="panel"'), text.count("<br>")) == (panels, expected)
