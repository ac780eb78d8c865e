"""Image files that no page may show, logos and pictures in prose alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from npl_report.load.imagefiles import wrong_image

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9">{}</svg>'


@pytest.mark.parametrize(
    "inside",
    [
        '<SCRIPT>alert("x")</SCRIPT>',
        '<image href="//pictures.example/a.png"/>',
        "<image xlink:href='file:///secret.png'/>",
        "<style>@import 'fonts.css';</style>",
        '<rect fill="url( https://colours.example/a.svg#b )"/>',
    ],
)
def test_a_drawing_loads_nothing(tmp_path: Path, inside: str):
    (tmp_path / "a.svg").write_text(SVG.format(inside), encoding="utf-8")
    assert wrong_image(tmp_path / "a.svg", tmp_path, 9999, "") == (
        "loads something from elsewhere, or holds a script",
        "save it as a plain SVG",
    )


def test_what_a_drawing_has_of_its_own_is_fine(tmp_path: Path):
    own = '<path id="a" d="M0 0h9"/><use xlink:href="#a" fill="url(#b)"/><image href="data:image/png;base64,"/>'
    (tmp_path / "a.svg").write_text(SVG.format(own), encoding="utf-8")
    assert wrong_image(tmp_path / "a.svg", tmp_path, 9999, "") is None
