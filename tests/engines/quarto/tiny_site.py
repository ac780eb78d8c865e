"""A publication of two pages in each of two languages, with everything that Quarto's engine reads of a project."""

from __future__ import annotations

import shutil
from pathlib import Path

from npl_report.load.project import Project
from npl_report.present.contexts import LanguageLink, Link, Shell
from npl_report.present.templates import Templates
from npl_report.site.page import BUILTIN_LAYOUT, SitePage
from npl_report.text.words import program_words
from tests.helpers.running import ROOT

CHAPTER = """{% extends layout %}
{% block main %}{% block heading %}<h1>{{ name }}</h1>{% endblock %}
<article>{{ text | safe }}</article>
{% block closing %}{% endblock %}
{% endblock %}
"""
TABLES = """{% extends layout %}
{% block main %}<h1>{{ name }}</h1>
<figure class="table"><table><tr><td>\
<data value="0.5" data-number="t/{{ language }}/c">50%</data></td></tr></table></figure>
<p><a href="../index.html#part">back</a></p>
{% endblock %}
"""
MARKDOWN = """A figure: `<a class="num" href="tables/index.html">\
<data value="1.25" data-number="t/r/c">1.25</data></a>`{=html}.[^1]

[^1]: A note.

## Part {#part}

::: {.callout-note}
Said by @report1.
:::
"""
TITLES = {"zh": "不良资产证券化深度研究", "en": "NPL Securitisation Research"}


class Series(dict[str, str]):
    """The publication's own words."""


class Edition:
    """What the frame prints of an edition."""

    id, as_of, revision = "2020-03", "17 March 2020", 1


def tiny_project(root: Path) -> Project:
    """Frames and looks as they are, two page templates of its own."""
    shutil.copytree(ROOT / "templates" / "quarto", root / "templates" / "quarto")
    (root / "templates" / "html").mkdir()
    shutil.copytree(ROOT / "templates" / "html" / "_partials", root / "templates" / "html" / "_partials")
    shutil.copyfile(ROOT / "templates" / "html" / "base.html", root / "templates" / "html" / "base.html")
    (root / "templates" / "html" / "page.html").write_text(CHAPTER, encoding="utf-8")
    (root / "templates" / "html" / "tables.html").write_text(TABLES, encoding="utf-8")
    for path in ROOT.glob("_quarto*.yml"):
        shutil.copyfile(path, root / path.name)
    (root / "templates" / "quarto" / "favicon.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg"/>', encoding="utf-8"
    )
    settings = root / "_quarto.yml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace(
            "website:\n", "website:\n  favicon: templates/quarto/favicon.svg\n"
        ),
        encoding="utf-8",
    )
    (root / "data").mkdir()
    for name in ("datapackage.json", "market.toml"):  # the first says which files are inputs
        shutil.copyfile(ROOT / "data" / name, root / "data" / name)
    (root / "report" / "editions").mkdir(parents=True)
    for name in ("series.toml", "editions/2020-03.toml", "editions/2021-12.toml"):
        shutil.copyfile(ROOT / "report" / name, root / "report" / name)
    for language in TITLES:
        (root / "report" / language).mkdir()
        (root / "report" / language / "index.qmd").write_text("", encoding="utf-8")
        for name in ("references.bib", "citations.csl"):
            shutil.copyfile(ROOT / "report" / language / name, root / "report" / language / name)
    return Project(root)


def tiny_pages(project: Project) -> tuple[dict[str, bytes], dict[str, SitePage]]:
    """The files of the builtin engine, and the pages before they were files."""
    templates = Templates(project.templates)
    pages = {}
    for language in TITLES:
        for path in ("index.html", "tables/index.html", "deals/index.html", "originators/index.html"):
            pages[f"{language}/{path}"] = _page(language, path)
    files = {path: page.rendered(templates, BUILTIN_LAYOUT).encode() for path, page in pages.items()}
    files |= {
        f"assets/{name}": b"x"
        for name in ("site.css", "charts.css", "profiles.css", "icon.svg", "theme.js", "site.js", "search.js")
    }
    files |= (
        {f"downloads/tables.{language}.xlsx": b"x" for language in TITLES}
        | {f"{language}/search-index.js": b"x" for language in TITLES}
        | {f"{language}/figure-index.js": b"x" for language in TITLES}
        | {"index.html": b"door"}
    )
    return files, pages


def _page(language: str, path: str) -> SitePage:
    up, words = "../" * path.count("/"), program_words(language)
    front = path == "index.html"
    links = tuple(
        LanguageLink(
            f"{up}../{other}/{path}", "", {"zh": "zh-Hans"}.get(other, other), "zh_CN", other, other, other == language
        )
        for other in TITLES
    )
    shell = Shell(
        "front" if front else "list",
        f"Page: {path} “{language}”",
        "What it holds: all.",
        f"{up}../",
        up,
        "",
        "",
        "",
        charts=False,
        formulas=False,
        languages=links,
        chapters=(Link(f"{up}index.html", "Findings", front),),
        archive="",
        folder="2020-03",
        path=path,
        feed="",
    )
    series = Series(title=TITLES[language], copyright="©")
    text = '<p id="part"><data value="1.25" data-number="t/r/c">1.25</data></p><p id="cite">…</p>'
    values = {
        "words": words,
        "series": series,
        "edition": Edition(),
        "notice": "Reconstructed.",
        "language": language,
        "name": path,
        "text": text,
    }
    if not front:
        return SitePage("tables", shell, values)
    return SitePage("page", shell, values, f"{MARKDOWN}\n### Cite {{#cite}}\n", source=f"report/{language}/index.qmd")
