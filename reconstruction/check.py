"""Recompute the published figures from the CSV files alone and compare them with the ledger, row by row.

Independent of the reconstruction: it reads the files (through `readings`) and the ledger, nothing else. Exact rows
must be equal at their printed decimals under half-up decimal rounding; approximate rows must lie in the range the
text states.
"""

import csv
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pandas as pd

from . import check_market
from .readings import Tables, deal_readings, load

LEDGER = Path(__file__).resolve().parents[1] / "data" / "published" / "ledger.csv"
Rows = dict[str, dict[str, str]]
Figures = dict[str, float]
TYPES = ("corporate", "mortgage", "unsecured")


def main(folder: Path) -> int:
    """Print every tested row with its published and its computed value; 1 if one fails."""
    with LEDGER.open(encoding="utf-8", newline="") as file:
        ledger: Rows = {row["id"]: row for row in csv.DictReader(file)}
    tables = load(folder, pd.Timestamp(ledger["L008"]["value"]))
    deals = deal_readings(tables)
    figures = overview(tables) | redemption(tables, deals) | seasoning(tables, deals) | by_type(tables, deals)
    figures |= by_originator(deals) | one_year(deals) | distribution(deals) | check_market.figures(folder)
    failures = sum(not _row(ledger[key], figures[key]) for key in sorted(figures))
    said = statements(tables, deals) | check_market.statements(folder)
    failures += sum(not _statement(name, holds=holds) for name, holds in said.items())
    untested = [
        key for key, row in ledger.items() if key not in figures and row["kind"] != "context" and row["seed"] != "1"
    ]
    print(f"{len(figures)} rows tested, {failures} failures; not testable on deals: {' '.join(untested) or 'none'}")
    return int(failures > 0)


def half_up(value: float, decimals: int) -> Decimal:
    """Decimal rounding of the value shown to 10 decimals."""
    shown = Decimal(repr(round(value, 10)))
    return shown.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


RANGES: dict[str, tuple[float, float]] = {
    # "About" and open ranges of the text, in the unit of the ledger.
    "L015": (68.5, 71.5),
    "L016": (68.5, 71.5),
    "L039": (12, 18),
    "L061": (0, 9),
    "L131": (5, 6),
    "L132": (6, 7),
    "L134": (18, 24),
    "L135": (18, 24),
    "L136": (12, 18),
    "L137": (12, 18),
}
SCALE = {"pct": 100, "pct_pts": 100, "CNY_100m": 0.01, "CNY_bn": 0.001}


def _row(row: dict[str, str], figure: float) -> bool:
    value = float(figure) * SCALE.get(row["unit"], 1)
    decimals = int(row["decimals"])
    if row["id"] in RANGES:
        low, high = RANGES[row["id"]]
        holds = low <= value <= high
    else:
        holds = half_up(value, decimals) == Decimal(row["value"]).quantize(Decimal(1).scaleb(-decimals))
    mark = "ok  " if holds else "FAIL"
    group = f"{row['metric']} {row['group']}"
    print(f"{mark} {row['id']} {row['kind']:<11} {group:<58} {row['value']:>10} {value:>14.5f}")
    return holds


def _statement(name: str, *, holds: bool) -> bool:
    print(f"{'ok  ' if holds else 'FAIL'} statement {name}")
    return holds


def overview(tables: Tables) -> Figures:
    """Counts and issue sizes."""
    deals = tables.deals
    total = deals["size"].sum()
    years, banks = deals.groupby("year"), deals.groupby("originator")
    types, year_sizes = deals.groupby("asset_type")["size"].sum(), years["size"].sum()
    figures: Figures = {"L006": len(deals), "L007": total, "L041": deals.pool_balance.sum(), "L053": len(banks)}
    figures |= {"L042": types["mortgage"], "L043": types["mortgage"] / total}
    figures |= {"L044": types["unsecured"], "L045": types["corporate"]}
    figures |= {f"L0{row}": years.size()[year] for row, year in ((46, 2018), (47, 2019), (48, 2016), (49, 2017))}
    figures |= {"L050": year_sizes.min(), "L051": year_sizes.max(), "L052": year_sizes.mean()}
    counts, amounts = banks.size(), banks["size"].sum()
    figures |= {"L054": counts["icbc"], "L055": amounts["icbc"], "L056": amounts["icbc"] / total}
    figures |= {"L057": counts["ccb"], "L058": counts["cmb"]}
    figures |= {"L059": amounts["ccb"] / total, "L060": amounts["cmb"] / total}
    figures["L061"] = counts.drop(["icbc", "ccb", "cmb"]).max()
    return figures


def redemption(tables: Tables, deals: pd.DataFrame) -> Figures:
    """Principal repaid, tranches redeemed, deals liquidated."""
    faces = tables.tranches.groupby("tranche").face.sum()
    paid = tables.payments.groupby("tranche").principal.sum()
    gone = tables.deals[tables.deals.liquidated_on.notna()]
    redeemed = deals[deals.redeemed].groupby("asset_type").size()
    return {
        "L037": redeemed.sum(),
        "L128": redeemed["corporate"],
        "L129": redeemed["mortgage"],
        "L130": redeemed["unsecured"],
        "L062": paid["senior"],
        "L063": paid["senior"] / faces["senior"],
        "L064": paid["subordinated"],
        "L065": paid["subordinated"] / faces["subordinated"],
        "L066": len(gone),
        "L067": gone["size"].sum(),
        "L068": gone["size"].sum() / tables.deals["size"].sum(),
        "L131": deals.redeemed_age["hecui-2019-3"],
        "L132": deals.redeemed_age["guihang-2019-4"],
    }


def seasoning(tables: Tables, deals: pd.DataFrame) -> Figures:
    """Ages and expected terms of the reporting deals."""
    by_kind = deals.groupby("asset_type")
    ages, terms, counts = by_kind.age.mean(), by_kind.term.mean(), by_kind.size()
    figures: Figures = {"L069": len(tables.deals) - len(deals), "L070": len(deals), "L071": deals.age.mean()}
    figures |= {"L072": ages["corporate"], "L073": ages["mortgage"], "L074": ages["unsecured"]}
    figures |= {"L076": terms["corporate"], "L075": terms["mortgage"], "L077": terms["unsecured"]}
    return figures | {"L140": counts["corporate"], "L139": counts["mortgage"], "L138": counts["unsecured"]}


TYPE_ROWS = {  # n, share by count, share by amount, mean, standard deviation, share above
    "corporate": ("L080", "L081", "L082", "L083", "L012", "L093"),
    "mortgage": ("L085", "L086", "L087", "L009", "L011", "L094"),
    "unsecured": ("L089", "L090", "L091", "L010", "L013", None),
}
SIDE_ROWS = {  # mean deviation above, mean offset above, mean deviation below, mean offset below
    "corporate": ("L095", "L097", "L099", "L101"),
    "mortgage": ("L096", "L098", "L100", "L102"),
    "unsecured": ("L103", "L105", "L104", "L106"),
}


def by_type(tables: Tables, deals: pd.DataFrame) -> Figures:
    """Recoveries and forecast accuracy at the observation window."""
    figures: Figures = {}
    for kind in TYPES:
        all_, issued = deals[deals.asset_type == kind], tables.deals[tables.deals.asset_type == kind]
        read = all_[all_.window_rate.notna()]
        above, below = read[read.window_deviation > 0], read[read.window_deviation <= 0]
        values = (
            len(read),
            len(read) / len(all_),
            read["size"].sum() / issued["size"].sum(),
            read.window_rate.mean(),
            read.window_rate.std(ddof=1),
            len(above) / len(read),
        )
        figures |= {key: value for key, value in zip(TYPE_ROWS[kind], values, strict=True) if key}
        # Below forecast, mortgage: the printed sum is a total over the deals (the mean would not fit the issue sizes).
        deviation_below = below.window_deviation.sum() if kind == "mortgage" else below.window_deviation.mean()
        sides = (above.window_deviation.mean(), above.window_offset.mean(), deviation_below, below.window_offset.mean())
        figures |= dict(zip(SIDE_ROWS[kind], sides, strict=True))
    for key, deal in (("L084", "jianxin-2016-1"), ("L088", "hecui-2017-2"), ("L092", "jianxin-2018-3")):
        figures[key] = deals.window_rate[deal]
    return figures


def by_originator(deals: pd.DataFrame) -> Figures:
    """Figures of single originators within a type, and of named deals."""
    read = deals[deals.window_rate.notna()]
    groups = read.groupby(["asset_type", "originator"])
    rate, offset, deviation = groups.window_rate.mean(), groups.window_offset.mean(), groups.window_deviation.mean()
    count = groups.size()
    icbc = read[(read.asset_type == "unsecured") & (read.originator == "icbc") & (read.window_deviation > 0)]
    corporate = offset["corporate"].rank(ascending=False)
    return {
        "L014": rate["corporate", "ccb"],
        "L015": rate["mortgage", "pab"],
        "L016": rate["mortgage", "czb"],
        "L017": rate["unsecured", "ccb"],
        "L018": corporate["abc"],
        "L019": offset["corporate", "bocom"],
        "L020": offset["mortgage", "czb"],
        "L021": offset["mortgage", "pab"],
        "L022": offset["mortgage", "abc"],
        "L023": len(icbc),
        "L024": icbc.window_deviation.mean(),
        "L025": offset["unsecured", "cib"],
        "L026": offset["unsecured", "abc"],
        "L107": count["corporate", "ccb"],
        "L108": count["mortgage", "pab"],
        "L109": count["mortgage", "czb"],
        "L110": count["unsecured", "ccb"],
        "L111": count["unsecured", "cmb"],
        "L112": rate["unsecured", "cmb"],
        "L113": deviation["corporate", "abc"],
        "L114": offset["corporate", "abc"],
        "L115": deviation["corporate", "bocom"],
        "L116": read.window_offset["nongying-2018-2"],
        "L117": read.window_offset["nongying-2018-1"],
        "L118": read.window_deviation["zhenjin-2017-1"],
        "L119": deviation["unsecured", "abc"],
    }


def one_year(deals: pd.DataFrame) -> Figures:
    """One-year readings by type and issue year."""
    read = deals[deals.year1_rate.notna()]
    groups = read.groupby(["asset_type", "year"])
    rate, above = groups.year1_rate.mean(), offsets_above(read)
    mortgage = read[read.asset_type == "mortgage"]
    corporate = read[read.asset_type == "corporate"].year
    figures: Figures = {"L029": rate["mortgage", 2016], "L030": rate["mortgage", 2019]}
    figures |= {f"L03{i}": rate["unsecured", 2015 + i] for i in (1, 2, 3, 4)}
    figures |= {"L035": above["mortgage", 2019], "L036": above["unsecured", 2019]}
    figures["L120"] = int(((mortgage.year == 2016) & (mortgage.year1_deviation <= 0)).sum())
    figures |= {f"L12{i}": above["unsecured", 2016 + i] for i in (1, 2, 3)}
    figures["L124"] = above["corporate", 2017]
    return figures | {"L125": corporate.min(), "L126": corporate.max(), "L127": groups.size()["mortgage", 2019]}


def offsets_above(read: pd.DataFrame) -> pd.Series:
    """Mean one-year offset of the deals above forecast by type and issue year."""
    return read[read.year1_deviation > 0].groupby(["asset_type", "year"]).year1_offset.mean()


def _rising(values: pd.Series) -> bool:
    return bool(values.is_monotonic_increasing and values.is_unique)


def distribution(deals: pd.DataFrame) -> Figures:
    """Distribution of recoveries of the redeemed deals."""
    redeemed = deals[deals.redeemed]
    unsecured = redeemed[redeemed.asset_type == "unsecured"]
    slow = redeemed[redeemed.asset_type != "unsecured"].groupby("asset_type")[["half_actual", "half_forecast"]].mean()
    figures: Figures = {"L038": unsecured.early_actual.mean(), "L133": unsecured.early_forecast.mean()}
    figures |= {"L134": slow.half_forecast.min(), "L135": slow.half_forecast.max()}
    figures |= {"L136": slow.half_actual.min(), "L137": slow.half_actual.max()}
    return figures | {"L039": slow.half_actual.mean()}


def statements(tables: Tables, deals: pd.DataFrame) -> dict[str, bool]:
    """Sentences of the report that rank, compare or name, without a figure of their own."""
    read, early = deals[deals.window_rate.notna()], deals[deals.year1_rate.notna()]
    groups = read.groupby(["asset_type", "originator"])
    rate, offset, deviation = groups.window_rate.mean(), groups.window_offset.mean(), groups.window_deviation.mean()
    above = offsets_above(early)
    rates = early.groupby(["asset_type", "year"]).year1_rate.mean()

    def ranks(values: pd.Series, kind: str, order: list[str], *, smallest: bool = False) -> bool:
        ranked = values[kind].sort_values(ascending=smallest)
        return list(ranked.index[: len(order)]) == order

    low = early[(early.asset_type == "mortgage") & (early.year1_deviation <= 0)]
    counts = tables.deals.groupby("originator").size().sort_values(ascending=False)
    highest = {kind: read[read.asset_type == kind].window_rate.idxmax() for kind in TYPES}
    return {
        "CCB has the highest corporate and unsecured mean rates, CMB comes second in unsecured": ranks(
            rate, "corporate", ["ccb"]
        )
        and ranks(rate, "unsecured", ["ccb", "cmb"]),
        "PAB and CZB have the highest mortgage mean rates": set(rate["mortgage"].nlargest(2).index) == {"pab", "czb"},
        "highest deals are Jianxin 2016-1, Hecui 2017-2, Jianxin 2018-3": list(highest.values())
        == ["jianxin-2016-1", "hecui-2017-2", "jianxin-2018-3"],
        "ABC has the largest corporate deviation and offset": ranks(offset, "corporate", ["abc"])
        and ranks(deviation, "corporate", ["abc"]),
        "BoCom is the most accurate in corporate": ranks(offset.abs(), "corporate", ["bocom"], smallest=True),
        "CZB is the most accurate in mortgage": ranks(offset.abs(), "mortgage", ["czb"], smallest=True)
        and ranks(deviation.abs(), "mortgage", ["czb"], smallest=True),
        "PAB, then ABC have the largest mortgage offsets": ranks(offset, "mortgage", ["pab", "abc"]),
        "ICBC has the largest unsecured deviation": ranks(deviation.abs(), "unsecured", ["icbc"]),
        "CIB has the largest unsecured offset": ranks(offset, "unsecured", ["cib"]),
        "ABC is the most accurate in unsecured": ranks(offset.abs(), "unsecured", ["abc"], smallest=True)
        and ranks(deviation.abs(), "unsecured", ["abc"], smallest=True),
        "mortgage one-year rates rise every year": _rising(rates["mortgage"]),
        "mortgage one-year offsets above forecast rise every year": _rising(above["mortgage"]),
        "the only mortgage below forecast at one year was issued in 2016": list(low.year) == [2016],
        "Zhongyu 2019-1 is the only mortgage of 2019 at one year": list(
            early[(early.asset_type == "mortgage") & (early.year == 2019)].index
        )
        == ["zhongyu-2019-1"],
        "corporate one-year offset above forecast is highest in 2017": above["corporate"].idxmax() == 2017,
        "corporate one-year rates show no trend": not rates["corporate"].is_monotonic_increasing
        and not rates["corporate"].is_monotonic_decreasing,
        "ICBC, CCB and CMB have issued most deals": list(counts.index[:3]) == ["icbc", "ccb", "cmb"],
    }
