"""brand.toml: colours that can be read, logos that can be shown, and what of Quarto's file is taken."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from npl_report.load.brand import MARK, TEXT, Brand, Tone, passed_over, read_brand
from npl_report.load.colours import PAPERS, contrast, readable
from npl_report.model import InputError
from npl_report.present import theme
from npl_report.present.branding import drawn_in, printed, sheet
from tests.helpers.running import ROOT
from tests.helpers.snapshots import assert_told

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'


def brand(root: Path, text: str, **files: str) -> Brand:
    (root / "brand.toml").write_text(text, encoding="utf-8")
    for name, content in files.items():
        (root / name.replace("_", ".")).write_text(content, encoding="utf-8")
    return read_brand(root)


def test_without_a_file_it_is_ours(tmp_path: Path):
    assert read_brand(tmp_path) == Brand()
    assert (sheet(Brand()), drawn_in("#1f4e79", Brand()), printed("#1f4e79", Brand())) == ("", "#1f4e79", "#1f4e79")


def test_contrast_by_hand():
    """Black on white is 21 to 1; the grey of WCAG's own example, #767676, is the lightest that text may have."""
    assert contrast("#000000", "#ffffff") == 21
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)
    assert contrast("#777777", "#ffffff") < TEXT


def test_the_papers_are_those_of_the_site():
    css = (ROOT / "templates" / "html" / "assets" / "site.css").read_text(encoding="utf-8")
    found = dict(re.findall(r"--(paper|card): light-dark\((#\w+, #\w+)\)", css))
    pairs = [found[name].split(", ") for name in ("paper", "card")]
    assert {"light": tuple(of[0] for of in pairs), "dark": tuple(of[1] for of in pairs)} == dict(PAPERS)


def test_a_brand(tmp_path: Path):
    text = 'logo = "logo.svg"\nfooter.en = "A house."\n[light]\naccent = "#7A1F2B"\nseries = ["#7a1f2b", "#2b6f3a"]\n'
    found = brand(tmp_path, text, logo_svg=SVG)
    assert (found.logos, found.footer) == (("logo.svg",), {"en": "A house."})
    assert dict(found.assets) == {"brand-0.svg": "logo.svg"}
    assert found.accent
    assert found.accent.light == "#7a1f2b"
    assert min(contrast(found.accent.dark, paper) for paper in PAPERS["dark"]) >= TEXT, "the dark is found"
    assert all(min(contrast(of.dark, paper) for paper in PAPERS["dark"]) >= MARK for of in found.series)
    rules = sheet(found)
    assert f"--accent: light-dark(#7a1f2b, {found.accent.dark})" in rules
    assert "--chart-second: light-dark(#2b6f3a, " in rules
    assert drawn_in(f'fill="{theme.CLASS_COLOURS[1]}"', found) == 'fill="#2b6f3a"'
    assert drawn_in(f'fill="{theme.CLASS_COLOURS[2]}"', found) == f'fill="{theme.CLASS_COLOURS[2]}"'
    css = printed((ROOT / "templates" / "print" / "note.css").read_text(encoding="utf-8"), found)
    assert theme.ACCENT not in css
    assert "#7a1f2b" in css


WRONG = {
    "keys": 'lgoo = "x.svg"\n[light]\nacent = "#000000"\n',
    "no-colour": '[light]\naccent = "blue"\nseries = "#1f4e79"\n',
    "text-too-pale": '[light]\naccent = "#e0a030"\n',
    "dark-too-dark": '[light]\naccent = "#7a1f2b"\n[dark]\naccent = "#5a0f1b"\n',
    "mark-too-pale": '[light]\nseries = ["#1f4e79", "#f0d9a0"]\n',
    "logo-missing": 'logo = "brand/logo.svg"\n',
    "logo-of-another-kind": 'logo = "logo.gif"\n',
    "logo-elsewhere": 'logo = "../logo.svg"\n',
    "logo-no-png": 'logo = "logo.png"\n',
    "logo-with-script": 'logo = "bad.svg"\n',
    "footer": "[footer]\nen = 3\n",
    "no-toml": "[light\n",
}


@pytest.mark.parametrize("case", sorted(WRONG))
def test_what_is_wrong_is_told(tmp_path: Path, case: str):
    bad = SVG.replace("<path", '<image href="https://x.example/a.png"/><path')
    with pytest.raises(InputError) as raised:
        brand(tmp_path, WRONG[case], logo_png="GIF89a", bad_svg=bad)
    assert_told(f"brand-{case}", raised.value.problems)


def test_the_nearest_colour_that_passes_does(tmp_path: Path):
    with pytest.raises(InputError) as raised:
        brand(tmp_path, WRONG["text-too-pale"])
    nearest = raised.value.problems[0].fix.rpartition(" ")[2]
    assert nearest == readable("#e0a030", PAPERS["light"], TEXT)
    accent = brand(tmp_path, f'[light]\naccent = "{nearest}"\n').accent
    assert accent
    assert accent.light == nearest


def test_quartos_file(tmp_path: Path):
    (tmp_path / "_brand.yml").write_text(
        "color:\n  palette:\n    wine: '#7a1f2b'\n  primary: wine\n  link: wine\nlogo:\n  medium: logo.svg\n"
        "typography:\n  base: Lato\n",
        encoding="utf-8",
    )
    (tmp_path / "logo.svg").write_text(SVG, encoding="utf-8")
    found = read_brand(tmp_path)
    assert isinstance(found.accent, Tone)
    assert (found.accent.light, found.logos) == ("#7a1f2b", ("logo.svg",))
    assert_told("brand-of-quarto", passed_over(found))
    (tmp_path / "brand.toml").write_text("", encoding="utf-8")
    assert read_brand(tmp_path).accent is None, "ours comes first"
