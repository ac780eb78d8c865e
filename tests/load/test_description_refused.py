"""What a description may not say: refused by name, with what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from npl_report.load.package import check_languages, read_package
from npl_report.model import InputError
from tests.helpers import tiny
from tests.helpers.market import MARKET
from tests.helpers.snapshots import assert_told
from tests.load.described import Change, Described, field, problems, resource, write


def refused(package: Described) -> None:
    """What the standard has and this program does not honour, what it does not have, and what is of the wrong kind."""
    package.update(
        profile="fiscal-data-package",
        licences=[],
        keywords="npl",
        name=3,
        created="",
        sources={},
        version="1",
        contributors=[],
    )
    package["licenses"][0].update(titel="x", path=1)
    deals, tranches, collections = package["resources"][:3]
    deals.update(
        profile="geo",
        type="json",
        format="xlsx",
        mediatype="text/plain",
        encoding="latin1",
        compression="gz",
        licenses=[],
        data=[],
        bytes=-1,
        hash="abc",
        homepage="x",
        rules=[{}],
    )
    deals["$schema"] = "https://example.org/own.json"
    tranches["dialect"] = {
        "delimiter": ";;", "quoteChar": "", "escapeChar": 1, "doubleQuote": "true", "skipInitialSpace": 1,
        "lineTerminator": "|", "header": False, "headerRows": [1, 2],
        "commentChar": "#", "nullSequence": "\\N", "caseSensitiveHeader": False, "comentChar": "#", "sheetName": "x",
    }  # fmt: skip
    collections["schema"].update(
        fieldsMatch=["subset"],
        uniqueKeys=[["deal"]],
        missingValues=["-"],
        primaryKey=["deal", "deal"],
        foreignKeys={},
        foreignkeys=[],
    )
    one, two, three = (field(package, "forecasts", name) for name in ("deal", "made_on", "amount"))
    one.update(
        format="email",
        categories=["a"],
        missingValues=[""],
        trueValues=["x"],
        decimalChar=",",
        rdfType="",
        unti="CNY mn",
    )
    one["constraints"] = {"required": "true", "unique": 1, "enum": [], "pattern": "[", "minimum": 1, "minLength": 2}
    two.update(format="any", constraints={"minimum": "2020-02-30", "maximum": 5, "enum": ["2020-01-01"]})
    three.update(
        bareNumber=False,
        decimalChar="..",
        groupChar="5",
        constraints={"minimum": "a", "maximum": True, "exclusiveMinimum": 0},
    )


def test_everything_else_is_refused_by_name(tmp_path: Path):
    assert_told("package-refused", problems(write(tmp_path, refused)))


def contradictory(package: Described) -> None:
    """Properties that are right each for itself."""
    deals, tranches, collections, forecasts, payments, priorities, originators, market = package["resources"]
    deals["schema"].update(primaryKey=["deal", "dael"])
    deals["schema"]["foreignKeys"].append(
        {"fields": ["sampel"], "reference": {"resource": "deals", "fields": ["deal"]}}
    )
    tranches.update(path="tranches.parquet")
    collections["dialect"].update(delimiter="|", quoteChar="|")
    collections["schema"]["fields"].append(collections["schema"]["fields"][-1])
    field(package, "forecasts", "amount").update(
        decimalChar=",", groupChar=",", constraints={"minimum": 5, "maximum": 4}
    )
    field(package, "forecasts", "made_on").update(format="%d/%m/%y")
    forecasts["schema"]["fields"].append(
        {"name": "x", "type": "date", "constraints": {"minimum": "2020-01-02", "maximum": "2020-01-01"}}
    )
    payments.update(
        path="payments.parquet", format="parquet", mediatype="application/vnd.apache.parquet", encoding="gbk"
    )
    field(package, "payments", "paid_on").update(format="%d/%m/%Y")
    field(package, "priorities", "phase")["constraints"]["enum"].append("bonus")
    field(package, "forecasts", "basis")["constraints"]["enum"].append("auto")
    field(package, "deals", "n_loans").update(type="number")
    originators["schema"]["fields"] = [
        item for item in originators["schema"]["fields"] if not item["name"].startswith("short")
    ]
    market.update(name="markets")
    priorities["rules"].append({"name": "each_step_twice"})


def test_what_contradicts_itself_or_the_program(tmp_path: Path):
    assert_told("package-contradictions", problems(write(tmp_path, contradictory)))


LINKS: dict[str, Change] = {
    "package-link-to-no-resource": lambda package: resource(package, "tranches")["schema"]["foreignKeys"].append(
        {"fields": ["face"], "reference": {"resource": "faces", "fields": ["face"]}}
    ),
    "package-link-to-no-field": lambda package: resource(package, "tranches")["schema"]["foreignKeys"].append(
        {"fields": "face", "reference": {"resource": "deals", "fields": "fase"}}
    ),
    "package-link-of-other-types": lambda package: resource(package, "tranches")["schema"]["foreignKeys"].append(
        {"fields": "face", "reference": {"resource": "deals", "fields": "deal"}}
    ),
    "package-rule-unknown": lambda package: resource(package, "priorities")["rules"].append({"name": "each_step_ones"}),
    "package-resource-misspelt": lambda package: resource(package, "payments").update(name="payment"),
    "package-resource-twice": lambda package: package["resources"].append(resource(package, "market")),
    "package-field-removed": lambda package: resource(package, "deals")["schema"]["fields"].remove(
        field(package, "deals", "closing_date")
    ),
    "package-enum-unknown": lambda package: field(package, "forecasts", "basis")["constraints"]["enum"].append("auto"),
    "package-pattern-wrong": lambda package: field(package, "deals", "deal")["constraints"].update(pattern="["),
    "package-invisible": lambda package: field(package, "deals", "deal").update(
        description="Identifier\u200b of the deal", description_zh="项目\u202e标识"
    ),
}


@pytest.mark.parametrize("case", LINKS)
def test_a_description_that_leads_nowhere(case: str, tmp_path: Path):
    assert_told(case, problems(write(tmp_path, LINKS[case])))


LENIENT = {
    "package-key-twice": '{"name": "x", "resources": [], "name": "y"}',
    "package-no-number": '{"resources": [{"bytes": NaN}]}',
    "package-nested-too-deep": "[" * 100_000,
}


@pytest.mark.parametrize("case", LENIENT)
def test_json_that_readers_take_differently(case: str, tmp_path: Path):
    folder = tiny.write(tmp_path)
    (folder / "datapackage.json").write_text(LENIENT[case], encoding="utf-8")
    assert_told(case, problems(folder))


def test_a_link_may_be_of_several_columns_and_to_its_own_file(tmp_path: Path):
    links = [
        {"fields": ["deal", "period_start"], "reference": {"resource": "", "fields": ["deal", "period_start"]}},
        {"fields": ["deal", "tranche"], "reference": {"resource": "tranches", "fields": ["deal", "tranche"]}},
    ]

    def change(package: Described) -> None:
        resource(package, "collections")["schema"]["foreignKeys"].append(links[0])
        resource(package, "payments")["schema"]["foreignKeys"] = [links[1]]

    assert problems(write(tmp_path, change)) == ()


def test_a_language_needs_names_and_meanings(tmp_path: Path):
    def change(package: Described) -> None:
        field(package, "deals", "deal").pop("description_zh")
        package["synthetic"]["notice"] = {"en": "Invented."}

    package = read_package(write(tmp_path, change) / "datapackage.json", MARKET.currency)
    check_languages(package, ["en"])
    with pytest.raises(InputError) as raised:
        check_languages(package, ["zh", "fr"])
    assert_told(
        "package-languages",
        [
            problem
            for problem in raised.value.problems
            if problem.value == "zh" or ".name_" in str(problem.column) or ".short_" in str(problem.column)
        ],
    )


def test_languages_may_say_the_same(tmp_path: Path):
    """While a translation is to come, another language's notice stands for it."""

    def change(package: Described) -> None:
        package["synthetic"]["notice"] = {"zh": "Invented.", "en": "Invented."}

    check_languages(read_package(write(tmp_path, change) / "datapackage.json", MARKET.currency), ["zh", "en"])
