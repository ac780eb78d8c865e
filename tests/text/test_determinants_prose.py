"""What the chapter on determinants says where the sample of the edition does not lead.

Every branch of its prose, on results changed by hand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import replace

import numpy as np
import pytest

from npl_report.model import Result, Unavailable
from npl_report.present.pages import Pages
from npl_report.present.templates import Templates
from tests.text.test_report_prose import LANGUAGES, PROJECT, WRONG, reading

EDITION = "2021-12"
EXPECTED, ACTUAL = "regression_expected_recovery", "regression_actual_recovery"
TYPED = ("typed_estimate", "typed_p", "typed_sign")
HELD = {"en": "Significant with the same sign", "zh": "仍显著且符号相同"}
TURNED = {"en": "Significant with the opposite sign**: pool balance.", "zh": "显著而符号相反**：资产池未偿本息余额。"}
OPEN = {"en": "Not significant within the types", "zh": "在同类型项目中无从判断"}
UNCLUSTERED = {"en": "They cannot be computed here; ", "zh": "但目前无法计算，原因见"}
SAME_CLUSTERED = {"en": "With them", "zh": "改用聚类标准误"}

Change = Callable[[Mapping[str, Result]], Mapping[str, Result]]


def without(result: Result, columns: tuple[str, ...], reason: str) -> Result:
    """The result with these columns as gaps."""
    gaps = {(str(row), column): Unavailable(reason) for row in result.frame.index for column in columns}
    return replace(result, frame=result.frame.assign(**dict.fromkeys(columns, np.nan)), gaps=result.gaps | gaps)


def untyped(results: Mapping[str, Result]) -> Mapping[str, Result]:
    return {key: without(results[key], TYPED, "leverage_one") for key in (EXPECTED, ACTUAL)}


def unclustered(results: Mapping[str, Result]) -> Mapping[str, Result]:
    return {key: without(results[key], ("se_cluster", "p_cluster"), "too_few_clusters") for key in (EXPECTED, ACTUAL)}


def turned(results: Mapping[str, Result]) -> Mapping[str, Result]:
    frame = results[EXPECTED].frame.copy()
    frame.loc["pool_balance", ["typed_estimate", "typed_sign"]] = -frame.loc[
        "pool_balance", ["estimate", "sign"]
    ].to_numpy()
    return {EXPECTED: replace(results[EXPECTED], frame=frame)}


def unfactored(results: Mapping[str, Result]) -> Mapping[str, Result]:
    return {"factor_adequacy": without(results["factor_adequacy"], ("n_factors", "explained"), "not_converged")}


def keeping(second: int) -> Change:
    """Parallel analysis keeps so many."""

    def change(results: Mapping[str, Result]) -> Mapping[str, Result]:
        found = results["factor_adequacy"]
        return {"factor_adequacy": replace(found, frame=found.frame.assign(n_factors_parallel=second))}

    return change


def told(language: str, page: str, change: Change) -> list[str]:
    """The page's lines, after the change, without tables and figures."""
    found = reading(EDITION)
    localized = copy(found.by_language[language])
    there = {key: result for key, result in found.results.items() if isinstance(result, Result)}
    localized.results = {**found.results, **change(there)}
    chapter = next(item for item in found.series.chapters if item.key == page)
    text = Pages(localized, Templates(PROJECT.templates), "site", {}).page(chapter).markdown
    text = re.sub(r"^```\{=html\}\n.*?^```$|^\$\$.*?\$\$$", "", text, flags=re.DOTALL | re.MULTILINE)
    return [
        re.sub(r"`([^`\n]*)`\{=html\}", lambda match: re.sub(r"<[^>]+>", "", match[1]), line)
        for line in text.split("\n")
    ]


def regression(lines: list[str], anchor: str = "{#regression}") -> str:
    """The text under one heading of the second level."""
    start = next(place for place, line in enumerate(lines) if anchor in line)
    end = next(place for place, line in enumerate(lines) if place > start and line.startswith("## "))
    return "\n".join(lines[start:end])


@pytest.mark.parametrize("change", [untyped, unclustered, turned, unfactored])
@pytest.mark.parametrize("page", ["index", "determinants"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_broken(language: str, page: str, change: Change):
    lines = [line for line in told(language, page, change) if line and not line.startswith(("#", "|", ":::"))]
    assert [(what, line) for line in lines for what, pattern in WRONG.items() if re.search(pattern, line)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_type_effects_nothing_is_said_to_hold_within_types(language: str):
    text = "\n".join(told(language, "determinants", untyped))
    assert HELD[language] not in text
    assert text.count(OPEN[language]) == 2  # both regressions


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sign_that_turns_within_the_types_is_told(language: str):
    assert TURNED[language] in regression(told(language, "determinants", turned))
    assert TURNED[language] not in regression(told(language, "determinants", unclustered))


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_clustered_errors_nothing_is_said_of_them(language: str):
    text = "\n".join(told(language, "determinants", unclustered))
    assert UNCLUSTERED[language] in text
    assert SAME_CLUSTERED[language] not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_components_that_chance_explains_are_told_with_their_eigenvalues(language: str):
    results = {key: result for key, result in reading(EDITION).results.items() if isinstance(result, Result)}
    numbers = results["factor_adequacy"].frame.loc["included", ["n_factors", "n_factors_parallel"]]
    assert numbers.tolist() == [5, 3]
    columns = ("eigenvalue", "random_eigenvalue")
    figures = [f"{results['factor_variance'].number(row, column):.3f}" for column in columns for row in ("4", "5")]
    fourth, fifth, chance, other = figures
    both, single, between, joined = {
        "en": (
            (
                f"Components 4 and 5 have eigenvalues of {fourth} and {fifth}, above the limit and below the "
                f"{chance} and {other} of random data."
            ),
            f"Component 5 has an eigenvalue of {fifth}, above",
            "eigenvalues between",
            f"{fourth} and {fifth}",
        ),
        "zh": (
            f"第4和5个成分的特征值分别为{fourth}和{fifth}，高于界限，但低于随机数据的{chance}和{other}。",
            f"第5个成分的特征值为{fifth}，",
            "介于其间",
            f"{fourth}和{fifth}",
        ),
    }[language]
    assert both in "\n".join(told(language, "determinants", keeping(3)))
    assert joined in "\n".join(told(language, "methodology", keeping(3)))
    assert single in "\n".join(told(language, "determinants", keeping(4)))
    for second in (5, 6):
        text = "\n".join(
            line for page in ("determinants", "methodology") for line in told(language, page, keeping(second))
        )
        assert fifth not in text
        assert between not in text
