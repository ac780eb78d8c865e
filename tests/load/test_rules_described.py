"""The rules across rows and files: what the description names is what the code checks."""

import json
from collections.abc import Callable

import pytest

from npl_report.load.rulebook import RULES
from npl_report.model import InputError
from tests.helpers import tiny


def test_description_and_code_name_the_same_rules(pytestconfig: pytest.Config) -> None:
    package = json.loads((pytestconfig.rootpath / "data" / "datapackage.json").read_text(encoding="utf-8"))
    assert {rule["name"] for resource in package["resources"] for rule in resource.get("rules", [])} == set(RULES)


@pytest.mark.parametrize(
    ("file", "column", "spoil", "rule"),
    [
        (
            "deals",
            "pool_principal",
            lambda row: str(float(str(row["pool_balance"])) + 1),
            "principal must not exceed its balance",
        ),
        ("deals", "n_borrowers", lambda row: str(int(str(row["n_loans"])) + 1), "more borrowers than loans"),
    ],
)
def test_rules_within_a_row(file: str, column: str, spoil: Callable[[tiny.Row], object], rule: str) -> None:
    rows = tiny.rows()
    rows[file][0][column] = spoil(rows[file][0])
    with pytest.raises(InputError, match=rule):
        tiny.read(rows)
