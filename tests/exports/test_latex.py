"""Tables for authors: the structure that LaTeX needs, its own signs escaped, and the same figures as the tables of
the pages. Nothing here compiles them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain
from pathlib import Path

import pytest

from npl_report.exports.latex import _tabular, escaped, table_tex, tex_files, typeset
from npl_report.present.printed import Cell, Head
from npl_report.present.views import PrintedRows, RowView, TableView, Top
from npl_report.tables import catalogue
from tests.helpers.market import MARKET
from tests.helpers.markup import LANGUAGES
from tests.present.drawings import sample_localized

TYPESET = sorted(key for key, table in catalogue(MARKET).items() if typeset(table))
PRINTED: Mapping[str, str] = {
    "---": "\u2014",
    "--": "\u2013",
    "$-$": "\u2212",
    "$<$": "<",
    "$>$": ">",
    r"\%": "%",
    r"$\times$": "\u00d7",
    r"\_": "_",
    r"\&": "&",
    "''": '"',
    "{[}": "[",
    "{]}": "]",
}
"""LaTeX → what it prints, for what stands in cells."""


class Given(PrintedRows):
    """Rows that are there."""

    long = False

    def __init__(self, rows: tuple[RowView, ...]) -> None:
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[RowView]:
        return iter(self._rows)

    @property
    def reasons(self) -> tuple[str, ...]:  # type: ignore[override]  # as an attribute it reads the same
        cells = chain.from_iterable(row.cells for row in self._rows)
        return tuple(dict.fromkeys(cell.reason for cell in cells if cell.reason))


def view(*, upright: bool = False, unavailable: str = "") -> TableView:
    heads = (
        Head("b", "Estimate", "", numeric=True),
        Head("c", "", "pp", numeric=True, span="Errors & more", short="HC_3"),
        Head("d", "", "", numeric=False, span="Errors & more", short="Kind"),
    )
    cells = (
        Cell("\u22120.25", "-0.25", "t/x/b"),
        Cell("<0.001", "1e-9", "t/x/c"),
        Cell("\u2014", "", "t/x/d", reason="no deals", numeric=False),
    )
    tops = (Top("Estimate", 1, heads[0]), Top("Errors & more", 2, None))
    rows = (RowView("x", "Size [log]", "", "Size [log]", "", False, cells),)
    return TableView(
        "small",
        "Table 7",
        "Effects of 100% & more",
        "Variable",
        heads,
        tops,
        Given(rows),
        "",
        ("Study_1",),
        upright,
        unavailable,
    )


def printed(cell: str) -> str:
    """A cell as it reads once it is set."""
    return re.sub("|".join(map(re.escape, PRINTED)), lambda match: PRINTED[match.group()], cell)


def test_heads_rules_and_figures():
    assert list(_tabular(view())) == [
        r"\begin{tabular}{lrrl}",
        r"\toprule",
        r" &  & \multicolumn{2}{c}{Errors \& more} \\",
        r"\cmidrule(lr){3-4}",
        r"Variable & Estimate & HC\_3 (pp) & Kind \\",
        r"\midrule",
        r"Size {[}log{]} & $-$0.25 & $<$0.001 & --- \\",
        r"\bottomrule",
        r"\end{tabular}",
    ]


def test_an_upright_table_has_its_columns_as_lines():
    plain = replace(view(upright=True), tops=(), heads=(Head("b", "Estimate", "pp", numeric=True),))
    assert list(_tabular(plain)) == [
        r"\begin{tabular}{lr}",
        r"\toprule",
        r"Variable & Size {[}log{]} \\",
        r"\midrule",
        r"Estimate (pp) & $-$0.25 \\",
        r"\bottomrule",
        r"\end{tabular}",
    ]


def test_many_columns_are_set_close_with_heads_in_lines():
    head, cell = (
        Head("b", "Variance inflation factor", "pp", numeric=True),
        Cell("1.25", "1.25", "t/x/b"),
    )
    row = RowView("x", "Size", "", "Size", "", False, (cell,) * 7)
    wide = replace(view(), tops=(), heads=(head,) * 7, rows=Given((row,)))
    stacked = r"\shortstack[r]{Variance \\ inflation \\ factor (pp)}"
    assert list(_tabular(wide))[2] == f"Variable & {' & '.join([stacked] * 7)} " + r"\\"
    localized = sample_localized("en")
    lines = table_tex(localized, replace(next(iter(localized.entries.values())), view=wide)).splitlines()
    assert lines[7:9] == [r"\footnotesize", r"\setlength{\tabcolsep}{3pt}"]
    assert lines[9] == r"\resizebox{\ifdim\width>\linewidth\linewidth\else\width\fi}{!}{\begin{tabular}{lrrrrrrr}"
    assert r"\end{tabular}}" in lines
    assert r"\usepackage{graphicx}" in lines[2]


def test_a_table_of_models_beside_each_other_has_a_file():
    assert {"panel_models", "regression_robustness"} <= set(TYPESET)
    assert not {"recovery_by_type", "panel_observations"} & set(TYPESET)


def test_the_whole_file():
    localized = sample_localized("en")
    entry = replace(next(iter(localized.entries.values())), view=view())
    lines = table_tex(localized, entry).splitlines()
    assert lines[0] == "% Table 7 Effects of 100% & more"
    assert "2021-12" in lines[1]
    assert r"\usepackage{booktabs}" in lines[2]
    assert r"\usepackage{xeCJK}" in lines[2]
    assert lines[3:7] == [
        r"\begin{table}[htbp]",
        r"\centering",
        r"\caption{Effects of 100\% \& more}",
        r"\label{tab:small}",
    ]
    note, source = lines[-4:-2]
    assert note.startswith(r"Note: ``---''".replace("``", "\u201c").replace("''", "\u201d"))
    assert note.endswith(r"\par")
    assert "no deals" in note
    assert escaped(localized.notice) in note  # the data are reconstructed: who takes a table away takes that along
    assert source == r"Source: Study\_1"
    assert lines[-2:] == [r"\end{minipage}", r"\end{table}"]


def test_a_table_that_cannot_be_computed_says_why():
    localized = sample_localized("en")
    text = table_tex(
        localized, replace(next(iter(localized.entries.values())), view=view(unavailable="Not available: 5% of deals."))
    )
    assert r"Not available: 5\% of deals." in text
    assert "tabular" not in text


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        ("50% of A&B_C #1 for $5", r"50\% of A\&B\_C \#1 for \$5"),
        ("{x}^2 ~ \\y", r"\{x\}\textasciicircum{}2 \textasciitilde{} \textbackslash{}y"),
        ("[a] *b*", "{[}a{]} {*}b{*}"),
        ("p < 0.05, q \u2265 2", r"p $<$ 0.05, q $\ge$ 2"),
        ("\u22120.5\u20130.7 \u2014 R\u00b2", "$-$0.5--0.7 --- R$^2$"),
        ("发行规模（对数）", "发行规模（对数）"),
        ("two\nlines\tand  spaces", "two lines and spaces"),
    ],
)
def test_what_means_something_to_latex_is_escaped(text: str, tex: str):
    assert escaped(text) == tex


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", TYPESET)
def test_figures_are_those_of_the_page(key: str, language: str):
    entry = sample_localized(language).entries[key]
    text = table_tex(sample_localized(language), entry)
    columns = re.search(r"\\begin\{tabular\}\{([lr]+)\}", text)
    assert columns
    body = text.split("\\midrule\n")[1].split("\n\\bottomrule")[0]
    cells = [
        [printed(cell) for cell in re.split(r" (?<!\\)& ", line.removesuffix(r" \\"))] for line in body.splitlines()
    ]
    shown = [[cell.text for cell in row.cells] for row in entry.view.rows]
    assert {len(line) for line in cells} == {len(columns.group(1))}
    assert [line[1:] for line in cells] == (
        [list(line) for line in zip(*shown, strict=True)] if entry.view.upright else shown
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", TYPESET)
def test_it_is_balanced_and_has_no_bare_sign(key: str, language: str):
    text = table_tex(sample_localized(language), sample_localized(language).entries[key])
    code = "\n".join(line for line in text.splitlines() if not line.startswith("%"))
    bare = re.sub(r"\\[{}%$&#_]|\\label\{[^}]*\}", "", code)  # a label may hold an underscore
    depth = 0
    for sign in bare:
        depth += (sign == "{") - (sign == "}")
        assert depth >= 0
    assert depth == 0
    assert re.findall(r"\\begin\{(\w+)\}", code) == ["table", "tabular", "minipage"]
    assert re.findall(r"\\end\{(\w+)\}", code) == ["tabular", "minipage", "table"]
    assert not re.search(r"[%#_~\"]", bare)
    assert bare.count("$") % 2 == 0


def test_files_are_those_of_the_models_and_the_same_every_time():
    localized = sample_localized("zh")
    files = tex_files(localized)
    assert sorted(files) == [f"downloads/tables/{key}.zh.tex" for key in TYPESET]
    assert tex_files(sample_localized("zh")) == files
    assert all(data.decode().isprintable() or "\n" in data.decode() for data in files.values())


def test_the_passports_offer_them(built_2021: Path):
    keys = {path.stem for path in (built_2021 / "downloads" / "tables").glob("*.csv")} & set(TYPESET)
    assert {path.name for path in (built_2021 / "downloads" / "tables").glob("*.tex")} == {
        f"{key}.{language}.tex" for key in keys for language in LANGUAGES
    }
    for language in LANGUAGES:
        for key in keys:
            assert f'href="../../downloads/tables/{key}.{language}.tex"' in (
                built_2021 / language / "tables" / f"{key}.html"
            ).read_text(encoding="utf-8")
