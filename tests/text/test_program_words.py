"""Every word of the program is asked for somewhere in the code or the templates.

Nothing is left over from what is gone.
"""

import re
from pathlib import Path

import pytest

from npl_report.text.ownwords import FOLDER
from npl_report.text.words import program_words

ROOT = FOLDER.parents[1]
# sections read by id: the ids are those of units, terms, columns, inputs and reasons
BY_ID = {
    "age",
    "cause",
    "cause_why",
    "number",
    "unit",
    "date",
    "variable",
    "regressor",
    "reason",
    "trend",
    "term",
    "row",
    "row_head",
    "asset_type",
    "tranche",
    "field",
    "source",
    "input",
    "data",
    "kind",
    "verdict",
    "statement",
    "ledger_unit",
    "measure",
    "payee",
    "spoken",
}


@pytest.fixture(scope="module")
def sources() -> str:
    files = [*Path(ROOT, "npl_report").rglob("*.py"), *Path(ROOT, "templates").rglob("*.html")]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


@pytest.mark.parametrize("language", sorted(path.stem for path in FOLDER.glob("*.toml")))
def test_every_word_is_used(language: str, sources: str) -> None:
    left = [
        path
        for path in program_words(language).leaves()
        if path.split(".")[0] not in BY_ID
        and not path.startswith(("language.contractions.", "search.same."))
        and not re.search(rf'words\.{re.escape(path)}\b|"{re.escape(path)}"', sources)
    ]
    # ui.table_label and ui.figure_label are asked for by kind, scenario.…_yield by tranche
    assert [path for path in left if not path.endswith(("_label", "_yield"))] == []
