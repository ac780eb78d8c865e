"""Generated pages: pandoc markdown → HTML fragments, by the pandoc that comes with the install."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import unescape
from importlib.metadata import version
from pathlib import Path

from npl_report.files.environment import pandoc
from npl_report.files.hashing import digest
from npl_report.files.sealed import seal, sealed
from npl_report.model import InputError, Problem
from npl_report.present.contexts import Anchor
from npl_report.text.hidden import hidden


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
_PRIME = re.compile(
    r"<msup>(<m[io][^<>]*>[^<]*</m[io]>)<mo>′</mo></msup>|"
    r"<msubsup>(<mi>[^<]*</mi>)(<m(?:i|row)>(?:(?!</?msub).)*?</m(?:i|row)>)<mo>′</mo></msubsup>"
)
"""A prime as a superscript. The sign is raised already; browsers would raise it a second time, far above its letter."""
_KEPT = re.compile(
    r'[（“]?<math display="inline"(?:(?!</math>).)*</math>[，。、；：！？）”]+|'  # browsers would break after a formula
    r"[\u4e00-\u9fff]{2}[，。；：！？）”]+(?=</(?:p|li)>)",  # and leave a character and a mark to the last line
    re.DOTALL,
)
"""What stays on one line in Chinese: a formula with the marks beside it, and the end of a paragraph."""
_CITED, _CITED_HOW, _FILTER = "references.bib", "citations.csl", "note.lua"
"""Names of what pandoc reads beside a page."""
_MARK = "<!-- part {} -->"
_SPLIT = re.compile(r"<!-- part \d+ -->\n?")
_TAG = re.compile(r"<[^>]+>")


def _beside(prime: re.Match[str]) -> str:
    """The prime in the line of what it belongs to."""
    plain, base, index = prime.groups()
    return f'<mrow>{plain or f"<msub>{base}{index}</msub>"}<mo lspace="0em" rspace="0em">′</mo></mrow>'


@cache
def _own_code() -> str:
    """What is kept depends on this file too."""
    return digest(Path(__file__).read_bytes())


@dataclass(frozen=True)
class Pandoc:
    """The converter of one language.

    What it reads beside the page (works cited, style of citations), and where it keeps what it has converted before.
    ``print_filter`` is the Lua filter of the note; without it pages of the site are made.
    """

    tag: str
    bibliography: Path
    style: Path
    cache: Path
    print_filter: Path | None = None

    def html(self, markdown: str, shown: str, *, source: str = "", id_prefix: str = "") -> Fragment:
        """Convert one page.

        What pandoc warns of (an unknown citation, a duplicate id), and text meant to be hidden, is an InputError: a
        page that reads wrong is not published.

        ``source`` is the page as its author wrote it, where lines are looked for.
        """
        command, beside = self._command(markdown, id_prefix)
        made_of = repr((command, markdown, version("pypandoc_binary"), _own_code())).encode()
        place = self.cache / "pandoc" / f"{digest(made_of + b''.join(beside.values()))}.html"
        if found := sealed(place):
            return Fragment(found[0].decode())
        html = self._run(command, markdown, shown, beside)
        if problems := hidden(html, source, shown):
            raise InputError(problems)
        html = _STYLE.sub("", html)
        if not self.print_filter:
            html = _PRIME.sub(_beside, html)
        if self.tag.startswith("zh"):
            html = _KEPT.sub(r'<span class="kept">\g<0></span>', html)
        seal(place, html.encode())
        return Fragment(html)

    def _command(self, markdown: str, id_prefix: str) -> tuple[list[str], dict[str, bytes]]:
        """The options for a page, and the files that these name."""
        command = [
            "--from=markdown" + ("-smart" if self.tag.startswith("zh") else ""),
            "--to=html5",
            "--mathml",
            "--wrap=none",
            "--strip-comments",
            f"--metadata=lang:{self.tag}",
        ]
        beside: dict[str, bytes] = {}
        if "@" in markdown:
            command += [
                "--citeproc",
                f"--metadata=link-citations:{str(not self.print_filter).lower()}",
                f"--bibliography={_CITED}",
                f"--csl={_CITED_HOW}",
            ]
            beside |= {_CITED: self.bibliography.read_bytes(), _CITED_HOW: self.style.read_bytes()}
        if self.print_filter:
            command += [f"--id-prefix={id_prefix}", f"--lua-filter={_FILTER}"]
            beside[_FILTER] = self.print_filter.read_bytes()
        return command, beside

    def parts(self, texts: Sequence[str], shown: str) -> list[str]:
        """Convert many short texts in one run."""
        marks = "".join(f"\n\n```{{=html}}\n{_MARK.format(number)}\n```\n\n{text}" for number, text in enumerate(texts))
        return _SPLIT.split(self.html(marks, shown).html)[1:]

    def _run(self, arguments: list[str], markdown: str, shown: str, beside: Mapping[str, bytes]) -> str:
        """Run it in a folder that holds what it reads, under plain names.

        pandoc takes paths for addresses, and would look for the folder ``a%2Fb`` in ``a/b``.
        """
        locale = os.environ | {"LC_ALL": "C.UTF-8"}
        with tempfile.TemporaryDirectory(prefix="npl-pandoc-") as folder:
            for name, data in beside.items():
                (Path(folder) / name).write_bytes(data)
            done = subprocess.run(
                [pandoc(), *arguments],
                input=markdown.encode(),
                capture_output=True,
                check=False,
                env=locale,
                cwd=folder,
            )
        said = done.stderr.decode(errors="replace").strip()
        if done.returncode or "[WARNING]" in said:
            raise InputError([Problem(shown, rule=f"pandoc: {said}", fix="mend the markdown or the citation")])
        return done.stdout.decode()
