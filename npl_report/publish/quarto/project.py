"""The Quarto project: its configuration as the user wrote it, and the files of the private copy that the engine renders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import jinja2
import yaml

from npl_report.load.project import Project
from npl_report.model import InputError, Language, Problem
from npl_report.publish.quarto.pages import qmd
from npl_report.publish.sitepage import SitePage

CONFIG = "_quarto.yml"
OUTPUT = "_site"
"""Quarto's output folder in the private copy."""
PREPARE = "npl-report prepare"
"""The pre-render step, which the private copy has behind it."""
_BESIDE = ("templates/quarto", "_extensions")
"""Folders that the configuration may name files of."""
_CITED = ("references.bib", "citations.csl")


def profile_file(language: Language) -> str:
    """The configuration of a language."""
    return f"_quarto-{language}.yml"


def read_config(project: Project, languages: Iterable[Language], titles: Mapping[Language, str]) -> dict[str, Any]:
    """``_quarto.yml``, after a look at it and at the profiles: all there, YAML, and of the same title as the publication."""
    problems: list[Problem] = []
    config = _read(project, CONFIG, problems)
    part = config.get("project")
    if config and (not isinstance(part, dict) or part.get("type") != "website"):
        problems.append(Problem(CONFIG, column="project.type", rule="must be website", fix="write project: with type: website below it, as in the sample"))
    for language in languages:
        shown = profile_file(language)
        website = _read(project, shown, problems).get("website", {})
        title = website.get("title") if isinstance(website, dict) else None
        if (project.root / shown).is_file() and title != titles[language]:
            fix = f"write website: with title: {titles[language]} below it, or change the title in report/{language}/_series.toml"
            problems.append(Problem(shown, column="website.title", value=None if title is None else str(title), rule="is not the title of the publication", fix=fix))
    if problems:
        raise InputError(dict.fromkeys(problems))
    return config


def _read(project: Project, name: str, problems: list[Problem]) -> dict[str, Any]:
    try:
        found = yaml.safe_load((project.root / name).read_text(encoding="utf-8"))
    except FileNotFoundError:
        problems.append(Problem(name, rule="the file is missing: without it this folder is no Quarto project", fix="copy it from the sample: npl-report init new-folder writes all of them"))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        problems.append(Problem(name, line, rule=f"not valid YAML: {error.problem or error.context}", fix="mend the syntax at that line"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        problems.append(Problem(name, rule=f"not valid YAML: {error}", fix="save it as UTF-8 and mend the syntax"))
    else:
        if isinstance(found, dict):
            return found
        problems.append(Problem(name, rule="holds no settings", fix="copy it from the sample: npl-report init new-folder writes all of them"))
    return {}


def sources(pages: Mapping[str, SitePage], looks: jinja2.Environment) -> dict[str, bytes]:
    """The generated .qmd pages by path in the project."""
    return {f"{path.removesuffix('.html')}.qmd": qmd(page, looks).encode() for path, page in pages.items()}


def private_copy(project: Project, config: Mapping[str, Any], language: Language, pages: Mapping[str, bytes]) -> dict[str, bytes]:
    """All that Quarto needs for one language: configuration without the step that is done, looks, works cited and the pages."""
    files = {CONFIG: yaml.safe_dump(_rendered_only(config), allow_unicode=True, sort_keys=False).encode()}
    named = [project.root / profile_file(language), *(project.report / language / name for name in _CITED)]
    named += [path for folder in _BESIDE for path in sorted((project.root / folder).rglob("*")) if path.is_file()]
    files |= {path.relative_to(project.root).as_posix(): path.read_bytes() for path in named if path.is_file()}
    return files | {path: text for path, text in pages.items() if path.startswith(f"{language}/")}


def _rendered_only(config: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration with our output folder, without ``npl-report prepare`` and without the files to copy, which the engine has already."""
    part = {key: value for key, value in config["project"].items() if key not in ("pre-render", "resources")}
    steps = config["project"].get("pre-render", [])
    left = [step for step in ([steps] if isinstance(steps, str) else steps) if not str(step).startswith(PREPARE)]
    return {**config, "project": {**part, "output-dir": OUTPUT, **({"pre-render": left} if left else {})}}
