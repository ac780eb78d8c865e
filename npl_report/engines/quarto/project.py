"""The Quarto project: its configuration as the user wrote it, and the files of the private copy.

The engine renders that copy.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import jinja2
import yaml

from npl_report.editions.fingerprint import QUARTO_FILES
from npl_report.engines.quarto.pages import qmd
from npl_report.load.project import Project
from npl_report.model import InputError, Language, Problem
from npl_report.site.page import SitePage

CONFIG = "_quarto.yml"
OUTPUT = "_site"
"""Quarto's output folder in the private copy."""
PREPARE = "npl-report prepare"
"""The pre-render step, which the private copy has behind it."""
BESIDE = ("templates/quarto", "_extensions")
"""Folders that the configuration may name files of."""
_CITED = ("references.bib", "citations.csl")


def profile_file(language: Language) -> str:
    """The configuration of a language."""
    return f"_quarto-{language}.yml"


def read_config(project: Project, languages: Iterable[Language]) -> dict[str, dict[str, Any]]:
    """``_quarto.yml`` and the profiles by their names, after a look at them: all there, YAML, and of a website."""
    problems: list[Problem] = []
    config = {name: _read(project, name, problems) for name in (CONFIG, *map(profile_file, languages))}
    for name, settings in config.items():
        part = settings.get("project", {})
        if not isinstance(part, dict):
            problems.append(
                Problem(
                    name,
                    column="project",
                    rule="holds no settings",
                    fix="write them below it as in the sample, or take the line out",
                )
            )
        elif name == CONFIG and settings and part.get("type") != "website":
            problems.append(
                Problem(
                    name,
                    column="project.type",
                    rule="must be website",
                    fix="write project: with type: website below it, as in the sample",
                )
            )
    if problems:
        raise InputError(dict.fromkeys(problems))
    return config


def check_titles(config: Mapping[str, Mapping[str, Any]], titles: Mapping[Language, str]) -> None:
    """The profiles must bear the title of the publication; InputError otherwise."""
    problems = []
    for language, expected in titles.items():
        shown = profile_file(language)
        website = config[shown].get("website")
        title = website.get("title") if isinstance(website, dict) else None
        if title != expected:
            fix = (
                f"write website: with title: {expected} below it, or change the title in report/{language}/_series.toml"
            )
            problems.append(
                Problem(
                    shown,
                    column="website.title",
                    value=None if title is None else str(title),
                    rule="is not the title of the publication",
                    fix=fix,
                )
            )
    if problems:
        raise InputError(problems)


def refused(config: Mapping[str, Mapping[str, Any]]) -> list[Problem]:
    """What a build does not run for a user: steps after the render, which would see pages that are not proved yet."""
    rule = "what runs there would run in the private copy, before the output is proved"
    fix = (
        "take it out and run it on build/<edition>/ after npl-report build, "
        "or keep it for quarto render in a profile of its own"
    )
    return [
        Problem(name, column="project.post-render", value=str(settings["project"]["post-render"]), rule=rule, fix=fix)
        for name, settings in config.items()
        if settings.get("project", {}).get("post-render")
    ]


class _Loader(yaml.SafeLoader):
    """YAML as Quarto reads it: of plain scalars only true, false, null and numbers are no text.

    For PyYAML, yes is true, 12:30 is 750 and 2020-03-17 a day.
    """


class _Dumper(yaml.SafeDumper):
    """YAML in which text that either reader takes for something else stands in quotes."""


_Loader.yaml_implicit_resolvers = {}
for _tag, _form, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)|0x[0-9a-fA-F]+|0o[0-7]+", "-+0123456789"),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?", "-+.0123456789"),
    ("merge", r"<<", "<"),
):
    for _class in (_Loader, _Dumper):
        _class.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"(?:{_form})\Z"), list(_first))


def _read(project: Project, name: str, problems: list[Problem]) -> dict[str, Any]:
    try:
        found = yaml.load((project.root / name).read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 -- a SafeLoader
    except FileNotFoundError:
        fix = "copy it from the sample: npl-report init new-folder writes all of them"
        others = [path.name for path in sorted(project.root.glob("_quarto-*.yml"))]
        if name != CONFIG and others:
            fix = (
                f"copy another language's, {others[0]}, change its title and its folders, "
                f"and add the language to profile.group in {CONFIG}"
            )
        problems.append(Problem(name, rule="the file is missing: without it this folder is no Quarto project", fix=fix))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        problems.append(
            Problem(
                name, line, rule=f"not valid YAML: {error.problem or error.context}", fix="mend the syntax at that line"
            )
        )
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        problems.append(Problem(name, rule=f"not valid YAML: {error}", fix="save it as UTF-8 and mend the syntax"))
    else:
        if isinstance(found, dict):
            return found
        problems.append(
            Problem(
                name,
                rule="holds no settings",
                fix="copy it from the sample: npl-report init new-folder writes all of them",
            )
        )
    return {}


def sources(pages: Mapping[str, SitePage], templates: jinja2.Environment) -> dict[str, bytes]:
    """The generated .qmd pages by path in the project."""
    return {f"{path.removesuffix('.html')}.qmd": qmd(page, templates).encode() for path, page in pages.items()}


def private_copy(
    project: Project, config: Mapping[str, Mapping[str, Any]], language: Language, pages: Mapping[str, bytes]
) -> dict[str, bytes]:
    """All that Quarto needs for one language, by path.

    That is the configuration without the step that is done, looks, works cited and the pages.
    """
    files = {
        name: yaml.dump(_rendered_only(config[name]), Dumper=_Dumper, allow_unicode=True, sort_keys=False).encode()
        for name in (CONFIG, profile_file(language))
    }
    named = [*(project.root / name for name in QUARTO_FILES), *(project.report / language / name for name in _CITED)]
    for folder in BESIDE:
        named += sorted((project.root / folder).rglob("*"))
    files |= {path.relative_to(project.root).as_posix(): path.read_bytes() for path in named if path.is_file()}
    return files | {path: text for path, text in pages.items() if path.startswith(f"{language}/")}


def _rendered_only(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings with our output folder, and without what the engine has done or has already.

    That is ``npl-report prepare``, and the files to copy.
    """
    part = {
        key: value
        for key, value in settings.get("project", {}).items()
        if key not in ("pre-render", "resources", "post-render")
    }
    steps = settings.get("project", {}).get("pre-render") or []
    left = [step for step in (steps if isinstance(steps, list) else [steps]) if not str(step).startswith(PREPARE)]
    return {**settings, "project": {**part, "output-dir": OUTPUT, **({"pre-render": left} if left else {})}}
