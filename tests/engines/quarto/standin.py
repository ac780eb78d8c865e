"""Stands in for Quarto's program.

Says its version, replays a transcript of the real one, misbehaves, or renders a project into pages of Quarto's shape.

Called as ``standin.py <arguments of quarto>`` by a launcher that is a shell script and does not ``exec``, as the real
one. What to do stands in ``mode.json`` beside the launcher, because the environment of a render is a clean one. Pages
are made by pandoc in the frame that Quarto 1.5 to 1.9 put around them.
"""

from __future__ import annotations

import html
import json
import os
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import yaml

MODE = json.loads(Path(os.environ["STANDIN"]).joinpath("mode.json").read_text(encoding="utf-8"))
LIBRARIES = {
    "quarto-nav/quarto-nav.js": "// menus",
    "quarto-search/quarto-search.js": "// search",
    "quarto-html/quarto.js": "// frame",
    "bootstrap/bootstrap-0a1b.min.css": "body{margin:0}",
    "bootstrap/bootstrap-dark-0a1b.min.css": "body{margin:0}",
}
FRAME = """<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" lang="{lang}" xml:lang="{lang}"><head>

<meta charset="utf-8">
<meta name="generator" content="quarto-{version}">

<meta name="viewport" content="width=device-width, initial-scale=1.0, user-scalable=yes">
<meta name="description" content="{description}">

<title>{title}</title>
<style>
code{{white-space: pre-wrap;}}
div.columns{{display: flex; gap: min(4vw, 1.5em);}}
</style>


<script src="{up}site_libs/quarto-nav/quarto-nav.js"></script>
<script src="{up}site_libs/quarto-search/quarto-search.js"></script>
<meta name="quarto:offset" content="{up}">
<script src="{up}site_libs/quarto-html/quarto.js" type="module"></script>
<link href="{up}site_libs/bootstrap/bootstrap-0a1b.min.css" rel="stylesheet" append-hash="true" \
class="quarto-color-scheme" id="quarto-bootstrap" data-mode="light">
<link href="{up}site_libs/bootstrap/bootstrap-dark-0a1b.min.css" rel="stylesheet" \
class="quarto-color-scheme quarto-color-alternate" data-mode="dark">
{head}
</head>

<body class="{classes}">

<div id="quarto-search-results"></div>
  <header id="quarto-header" class="headroom fixed-top">
    <nav class="navbar navbar-expand-lg " data-bs-theme="dark">
    <a class="navbar-brand" href="{brand}"><span class="navbar-title">{site}</span></a>
{navbar}
    <a href="" class="quarto-color-scheme-toggle quarto-navigation-tool  px-1" \
onclick="window.quartoToggleColorScheme(); return false;"><i class="bi"></i></a>
    </nav>
</header>
<!-- content -->
<div id="quarto-content" class="quarto-container page-columns page-rows-contents page-layout-article page-navbar">
{sidebar}
<!-- main -->
<main class="content" id="quarto-document-content">
<header id="title-block-header" class="quarto-title-block default"></header>

{body}

{turn}
</main> <!-- /main -->
<script id="quarto-html-after-body" type="application/javascript">
  const link = '<a class="code" href="' + window.location + '">';
</script>
</div> <!-- /content -->




</body></html>"""


def merged(first: Any, second: Any) -> Any:
    if isinstance(first, dict) and isinstance(second, dict):
        return {
            key: merged(first[key], second[key]) if key in first and key in second else first.get(key, second.get(key))
            for key in {**first, **second}
        }
    return first + second if isinstance(first, list) and isinstance(second, list) else second


def progress(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def replay(name: str) -> int:
    """The exit code and the streams of a real run."""
    text = Path(__file__).with_name("transcripts").joinpath(f"{name}.txt").read_bytes().decode()
    code = re.search(r"^exit code: (\d+)$", text, re.MULTILINE)
    out, _, rest = text.partition("--- stdout\n")[2].partition("--- stderr\n")
    sys.stdout.write(out)
    sys.stderr.write(
        rest.partition("--- files")[0].replace("PROJECT", str(Path.cwd())).replace("c.qmd", MODE.get("page", "c.qmd"))
    )
    return int(code[1]) if code else 0


def hang() -> int:
    """A child that goes on for ever, and a launcher that does not listen."""
    child = subprocess.Popen(
        [sys.executable, "-c", "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(600)"]
    )
    Path(MODE["pids"]).write_text(f"{os.getpid()} {child.pid}", encoding="ascii")
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    progress("[  1/160] zh/index.qmd")
    time.sleep(600)
    return 0


class Site:
    """A project as ``quarto render --profile`` reads it."""

    def __init__(self, profile: str, out: str) -> None:
        config = [
            yaml.safe_load(Path(name).read_text(encoding="utf-8")) for name in ("_quarto.yml", f"_quarto-{profile}.yml")
        ]
        self.config = merged(*config)
        assert "pre-render" not in self.config["project"]
        self.language = profile
        self.out = Path(out)
        assert self.config["project"]["output-dir"] == out
        globs = self.config["project"]["render"]
        assert all(glob.startswith("/") for glob in globs), "without a slash Quarto looks in every folder"
        self.pages = sorted({path for glob in globs for path in Path().glob(glob[1:])})
        self.heads = {}
        self.bodies = {}
        for path in self.pages:
            _, head, self.bodies[path] = path.read_text(encoding="utf-8").split("---\n", 2)
            self.heads[path] = yaml.safe_load(head)
        self.listed = self._sidebar()

    def _sidebar(self) -> list[Path]:
        listed: list[Path] = []
        for item in self.config["website"]["sidebar"]["contents"]:
            if isinstance(item, str):
                listed.append(Path(item))
                continue
            found = [
                path
                for path in self.pages
                if path.match(item["auto"]) and path.parent == Path(item["auto"]).parent and path.stem != "index"
            ]
            listed += sorted(found, key=lambda path: self.heads[path]["order"])
        return listed

    def fragment(self, path: Path) -> str:
        options = self.config["format"]["html"]
        assert options["html-math-method"] == "mathml"
        command = [
            MODE["pandoc"],
            f"--from={options.get('from', 'markdown')}",
            "--to=html5",
            "--mathml",
            "--section-divs",
            "--wrap=none",
            f"--metadata=lang:{self.heads[path]['lang']}",
        ]
        if "@" in self.bodies[path]:
            command += [
                "--citeproc",
                "--metadata=link-citations:true",
                f"--bibliography={self.config['bibliography']}",
                f"--csl={self.config['csl']}",
            ]
        done = subprocess.run(command, input=self.bodies[path].encode(), capture_output=True, check=True)
        for line in done.stderr.decode().splitlines():
            progress(line)
        return re.sub(r'<figure class="', '<figure class="figure ', done.stdout.decode())

    def write(self, path: Path, body: str) -> None:
        head, up = self.heads[path], "../" * (len(path.parts) - 1)
        address = lambda page: up + page.with_suffix(".html").as_posix()  # noqa: E731
        bar = "".join(
            (
                f'<a class="nav-link" href="{address(Path(item))}">'
                f'<span class="menu-text">{html.escape(self.heads[Path(item)]["title"])}</span></a>'
            )
            for item in self.config["website"]["navbar"]["right"]
        )
        side, turn = "", ""
        if head.get("sidebar") is not False:
            links = "".join(
                (
                    f'<a href="{address(page)}" class="sidebar-item-text sidebar-link">'
                    f"{html.escape(self.heads[page]['title'])}</a>"
                )
                for page in self.listed
            )
            side = f'<nav id="quarto-sidebar" class="sidebar sidebar-navigation floating">{links}</nav>'
        if path in self.listed:
            place = self.listed.index(path)
            turn = "".join(
                f'<a href="{address(page)}" class="pagination-link">{html.escape(self.heads[page]["title"])}</a>'
                for page in self.listed[max(0, place - 1) : place + 2]
                if page != path
            )
        text = FRAME.format(
            lang=head["lang"],
            version=MODE["version"],
            description=html.escape(head["description"]),
            title=html.escape(head["pagetitle"]),
            up=up,
            head="".join(item["text"] for item in head["include-in-header"]) + self.icon(up),
            classes=f"{head['body-classes']} nav-fixed quarto-light",
            brand=up + self.config["website"]["navbar"]["logo-href"][1:].replace(".qmd", ".html"),
            site=html.escape(self.config["website"]["title"]),
            navbar=bar,
            sidebar=side + MODE.get("toc", ""),
            body=body,
            turn=turn,
        )
        place = self.out / path.with_suffix(".html")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")

    def icon(self, up: str) -> str:
        name = self.config["website"].get("favicon")
        return f'<link href="{up}{name}" rel="icon" type="image/svg+xml">' if name else ""

    def resources(self) -> None:
        """Quarto copies what its settings name; a name without a file stays a link."""
        source = Path(self.config["website"].get("favicon", ""))
        if source.is_file():
            (self.out / source).parent.mkdir(parents=True, exist_ok=True)
            (self.out / source).write_bytes(source.read_bytes())
        for name, text in (LIBRARIES | MODE.get("libraries", {})).items():
            place = self.out / "site_libs" / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")

    def render(self) -> int:
        wanted = self.pages[: len(self.pages) // 2] if MODE["mode"] == "half" else self.pages
        with ThreadPoolExecutor(2) as pool:
            for number, (path, body) in enumerate(zip(wanted, pool.map(self.fragment, wanted), strict=True), start=1):
                progress(f"\r[{number:3}/{len(self.pages)}] {path.as_posix()}")
                self.write(path, MODE.get("body", "{}").replace("{}", body.replace(MODE.get("without", "\0"), "")))
        if MODE["mode"] == "cut":
            place = self.out / wanted[-1].with_suffix(".html")
            place.write_bytes(place.read_bytes()[: MODE["bytes"]] + bytes.fromhex(MODE.get("and", "")))
        self.resources()
        if MODE["mode"] == "half":
            progress("WARN: Error encountered when rendering files")
            return MODE.get("code", 1)
        entries = [
            {
                "objectID": str(path.with_suffix(".html")),
                "href": path.with_suffix(".html").as_posix(),
                "title": self.heads[path]["title"],
                "section": "",
                "text": "…",
            }
            for path in wanted
        ]
        if MODE["mode"] != "no-search":
            (self.out / "search.json").write_text(json.dumps(entries, ensure_ascii=False, indent=2), encoding="utf-8")
        for line in MODE.get("says", ()):
            progress(line)
        progress(f"\nOutput created: _site/{self.language}/index.html\n")
        return 0


def main(arguments: list[str]) -> int:
    if arguments == ["--version"]:
        sys.stdout.write(f"{MODE['version']}\n")
        return MODE.get("version-code", 0)
    assert arguments[:2] == ["render", "--profile"]
    assert not [name for name in os.environ if name.startswith(("QUARTO_", "NPL_"))], "the environment is not clean"
    assert os.environ["NO_COLOR"] == "1"
    match MODE["mode"]:
        case "replay":
            return replay(MODE["transcript"])
        case "hang":
            return hang()
        case "nothing":
            return 0
        case "flood":
            for number in range(200_000):
                sys.stderr.write(f"noise {number} {'x' * 200}\n")
            sys.stderr.write("y" * 5_000_000)
            return 1
    assert (arguments[:2], arguments[3]) == (["render", "--profile"], "--output-dir")
    return Site(arguments[2], arguments[4]).render()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
