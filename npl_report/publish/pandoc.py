"""Generated pages: pandoc markdown → HTML fragments, by the pandoc that comes with the install."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from functools import cache
from html import unescape
from pathlib import Path

from npl_report.model import InputError, Problem
from npl_report.present.contexts import Anchor


@dataclass(frozen=True)
class Fragment:
    """A page's body as HTML."""

    html: str

    def contents(self) -> tuple[Anchor, ...]:
        """Its second-level headings."""
        return tuple(Anchor(id_, unescape(_TAG.sub("", text)).strip()) for id_, text in _HEADING.findall(self.html))


_HEADING = re.compile(r'<h2[^>]*? id="([^"]+)"[^>]*>(.*?)</h2>', re.DOTALL)
_STYLE = re.compile(r'(?<=[\w"]) style="[^"]*"(?=[^<>]*>)')
"""Inline styles, which the site's Content-Security-Policy forbids; pandoc writes them into MathML and column groups."""
_TAG = re.compile(r"<[^>]+>")


@cache
def pandoc() -> str:
    """Path of the pandoc program of pypandoc_binary."""
    import pypandoc

    return str(pypandoc.get_pandoc_path())


def to_html(markdown: str, *, language: str, bibliography: Path, shown: str, print_filter: Path | None = None, id_prefix: str = "") -> Fragment:
    """Convert one page; ``print_filter`` is the Lua filter of the note. What pandoc warns of (an unknown citation, a duplicate id) is an InputError: a page that reads wrong is not published."""
    command = [pandoc(), "--from=markdown" + ("-smart" if language.startswith("zh") else ""), "--to=html5", "--mathml", "--wrap=none", f"--metadata=lang:{language}"]
    if "@" in markdown:
        command += ["--citeproc", f"--bibliography={bibliography}", f"--metadata=link-citations:{str(not print_filter).lower()}"]
    if print_filter:
        command += [f"--lua-filter={print_filter}", f"--id-prefix={id_prefix}"]
    done = subprocess.run(command, input=markdown.encode(), capture_output=True, check=False)
    said = done.stderr.decode(errors="replace").strip()
    if done.returncode or "[WARNING]" in said:
        raise InputError([Problem(shown, rule=f"pandoc: {said}", fix="mend the markdown or the citation")])
    html = _STYLE.sub("", done.stdout.decode())
    return Fragment(html)
