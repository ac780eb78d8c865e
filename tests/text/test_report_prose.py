"""The report's own prose on other as-of dates: every page reads as whole sentences, whatever the data hold or lack."""

from __future__ import annotations

import re
from functools import cache
from html import unescape

import pytest

from npl_report.load.project import Project, read_series
from npl_report.load.tablefolders import table_keys
from npl_report.present.pages import Page, Pages
from npl_report.present.reading import Reading
from npl_report.present.templates import Templates
from tests.helpers import sampled, tiny
from tests.helpers.findings import MOST, too_long

PROJECT = Project(tiny.ROOT)
LANGUAGES = ("zh", "en")
# No report yet; reports but none in a window; one deal in a window; types without a reading; every type read; the
# edition.
DATES = (
    "2020-03@2016-06-30",
    "2020-03@2016-12-31",
    "2020-03@2017-06-30",
    "2020-03@2018-06-30",
    "2020-03@2019-06-30",
    "2020-03",
)
# With the chapters that began later: no deal enters a model; too few for the models; the edition.
LATER = ("2021-12@2016-12-31", "2021-12@2017-12-31", "2021-12")
DAYS = (*DATES, *LATER)

OWN_WORDS = (
    "reason.no_reports",
    "reason.no_deal_in_window",
    "reason.no_deals",
    "reason.not_disclosed",
    "reason.no_correlation",
)
"""Reasons whose words the report itself uses."""
BLOCK = re.compile(r"^```\{=html\}\n.*?^```$|^\$\$.*?\$\$$|^:::[^\n]*$", re.DOTALL | re.MULTILINE)
INLINE = re.compile(r"`([^`\n]*)`\{=html\}")
WRONG = {
    "an empty place": r"（）|\(\)|“”|\*\*\*\*|\bnan\b|None|Undefined|\{\{|\}\}|\{%|%\}",
    "a dash for a gap": "—",
    "doubled punctuation": r"[，。；：、,;:][，。；：、,.;:]|\.[,;:]|(?<!\.)\.\.(?![./])|[，、；：]）|（[，、；：]",
    "a space before punctuation": r"[ \t][,.;:!?)，。；：、）]",
    "a doubled space": r"\S  +\S",
    "a space between Chinese words": r"[\u4e00-\u9fff，。；：、）] +[\u4e00-\u9fff（]",
    "punctuation of the other kind": r"[\u4e00-\u9fff][,;:!?]|[\u4e00-\u9fff]\.(?!\w)",
    "a sentence that begins with a small letter": r"[.!?] [a-z]",
    "a figure that is missing": r"(?<!认)[为占有至与][，。；、]|于[，。；]|\b(?:is|of|for|at|with|to|from|by) [,.;)]",
    "a singular that is none": r"(?<![\d.])1 (?:deals|months|days)\b|(?<![\d.])(?:0|[2-9]|\d\d+) (?:deal|month|day)\b",
}


def reading(day: str) -> Reading:
    """An edition, or ``edition@date``: the same on another as-of date."""
    id_, _, as_of = day.partition("@")
    return sampled.reading(id_, as_of)


def chapters(day: str) -> list[str]:
    return [chapter.key for chapter in read_series(PROJECT, table_keys()).of(day.partition("@")[0]).chapters]


def generated(day: str, language: str, page: str, medium: str) -> Page:
    """A generated page."""
    found = reading(day)
    chapter = next(item for item in found.series.chapters if item.key == page)
    return Pages(found.by_language[language], Templates(PROJECT.templates), medium, {}).page(chapter)  # type: ignore[arg-type]


def markdown(day: str, language: str, page: str, medium: str) -> str:
    """Its text."""
    return generated(day, language, page, medium).markdown


@cache
def lines(day: str, language: str, page: str, medium: str) -> tuple[str, ...]:
    """The lines of a page's text, without tables and figures; a blank line parts paragraphs."""
    text = BLOCK.sub("", markdown(day, language, page, medium))
    text = INLINE.sub(lambda match: unescape(re.sub(r"<[^>]+>", "", match[1])), text)
    return tuple(line.rstrip() for line in text.split("\n"))


def prose(day: str, language: str, page: str, medium: str = "site") -> list[str]:
    """The lines that are sentences: no headings, no rows of tables."""
    return [line for line in lines(day, language, page, medium) if line and not line.startswith(("#", "|"))]


every_edition = pytest.mark.parametrize(
    ("language", "day"), [(language, day) for day in DAYS for language in LANGUAGES]
)


@every_edition
@pytest.mark.parametrize("medium", ["site", "print"])
def test_nothing_is_broken(language: str, day: str, medium: str):
    broken = [
        (page, what, line)
        for page in chapters(day)
        for line in prose(day, language, page, medium)
        for what, pattern in WRONG.items()
        if re.search(pattern, line)
    ]
    assert broken == []


@every_edition
def test_every_line_ends_as_a_sentence(language: str, day: str):
    """A reason that stands in the place of a chart is a line of its own."""
    reasons = {reason(day, language, key) for key in table_keys()}
    assert [
        (page, line)
        for page in chapters(day)
        for line in prose(day, language, page)
        if not re.search(r"[。.：:；;](?:\*\*)?$", line) and line not in reasons
    ] == []


@every_edition
def test_no_reason_stands_inside_a_sentence(language: str, day: str):
    words = reading(day).by_language[language].words
    reasons = [
        str(words[path]) for path in words["reason"].leaves() if "{" not in str(words[path]) and path not in OWN_WORDS
    ]
    assert [
        (page, line)
        for page in chapters(day)
        for line in prose(day, language, page)
        for reason in reasons
        if reason in line and line != reason
    ] == []


def reason(day: str, language: str, key: str) -> str:
    """The sentence in the place of a table; empty if it has a result."""
    entry = reading(day).by_language[language].entries.get(key)
    return entry.view.unavailable if entry else ""


@pytest.mark.parametrize("day", DAYS)
def test_languages_have_the_same_headings(day: str):
    for page in chapters(day):
        first, second = (
            re.findall(r"^#+ .*\{#(\S+)\}$", "\n".join(lines(day, language, page, "site")), re.MULTILINE)
            for language in LANGUAGES
        )
        assert first == second


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("day", DAYS)
def test_findings_are_few_and_short(language: str, day: str):
    text = list(lines(day, language, "index", "site"))
    start = next(at for at, line in enumerate(text) if "{#findings}" in line)
    end = next(at for at, line in enumerate(text) if at > start and line.startswith("## "))
    findings = [line for line in text[start:end] if line.startswith("- **")]
    assert 1 <= len(findings) <= MOST
    assert [line for line in findings if too_long(line)] == []


@every_edition
def test_the_front_page_opens_with_a_finding(language: str, day: str):
    """A sentence without its full stop, and its figures in one or two."""
    page = generated(day, language, "index", "site")
    headline, deck = page.headline.striptags(), page.deck.striptags()
    assert headline
    assert not headline.endswith((".", "。"))
    assert re.search(r"[.。]$", deck)
    assert "<data " in page.deck
    assert [(what, text) for text in (headline, deck) for what, of in WRONG.items() if re.search(of, text)] == []
    opening = prose(day, language, "index", "print")[:2]
    assert [line.strip() for line in opening] == [headline, deck]  # in print both stand in the text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_lists_of_deals_and_banks_are_reached_from_the_site_only(language: str):
    for folder in ("deals", "originators"):
        assert f'href="{folder}/index.html"' in markdown(DATES[-1], language, "annex", "site")
        assert folder + "/" not in markdown(DATES[-1], language, "annex", "print")


def test_the_edition_tells_what_the_published_report_tells():
    """Figures of the published report, found in the sentences that the data choose.

    Ledger: L015, L017, L019, L022–L026, L029, L030, L037–L039, L113–L118, L131–L137.
    """
    recovery, distribution = (
        "\n".join(prose(DATES[-1], "zh", "recovery")),
        "\n".join(prose(DATES[-1], "zh", "distribution")),
    )
    for told in (
        "建设银行（1单）平均累计回收率最高，为46.87%",
        "建设银行（5单）平均累计回收率最高，为18.63%；招商银行（3单）次之，为16.08%",
        "农业银行最高，为114.81%（仅农盈2016-1）",
        "农业银行次之，为63.42%（3单，其中农盈2018-1为106.67%、农盈2018-2为60.78%）",
        "预测最为准确的是交通银行（1单），平均绝对偏移率2.38%，平均预测偏差−0.52亿元",
        "预测最为准确的是浙商银行（1单），平均绝对偏移率2.41%，平均预测偏差−0.04亿元",
        "兴业银行最高，为25.66%",
        "工商银行最大，为0.63亿元，共5单高于预测",
        "逐年上升：2016年14.02%",
        "2019年21.73%（1单）",
        "2016年14.69%（3单）、2017年11.54%（9单）、2018年12.17%（20单）、2019年10.32%（9单）",
        "除2016年有1单未高于预测外",
        "2019年272.58%",
        "2017年17.08%、2018年16.52%、2019年15.86%",
        "2017年355.96%、2018年129.50%，以2017年最高",
    ):
        assert told in recovery
    for told in (
        "共69单，其中对公类不良10单、个人抵押类不良13单、个人信用类不良46单",
        "平均为68.39%",
        "预测为67.48%",
        "兑付最快的是和萃2019-3（5.3个月）和归航2019-4（6.2个月）",
    ):
        assert told in distribution


def test_every_language_names_the_same_works():
    keys = {
        path.parent.name: re.findall(r"^@\w+\{(\w+),", path.read_text(encoding="utf-8"), re.MULTILINE)
        for path in (tiny.ROOT / "report").glob("*/references.bib")
    }
    assert set(keys) == {"zh", "en"}
    assert keys["zh"] == keys["en"]
    assert len(keys["zh"]) > 1


def test_chinese_pages_cite_in_chinese():
    """The cited name of every work: its author, or its short title."""
    works = (tiny.ROOT / "report" / "zh" / "references.bib").read_text(encoding="utf-8").split("@")[1:]
    names = [re.search(r"(?:author|shorttitle) += \{+([^}]+)", work) for work in works]
    assert [
        bool(name and re.search(r"[\u4e00-\u9fff]", name.group(1)) and not re.search(r"[A-Za-z]", name.group(1)))
        for name in names
    ] == [True] * len(works)
