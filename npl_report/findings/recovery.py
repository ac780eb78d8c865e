"""What deals have recovered inside their windows, and how old they are."""

from __future__ import annotations

from collections.abc import Iterator

from npl_report.findings import Facts, Sentence, named, say
from npl_report.text.picks import Pick, Picks, Row

_FACE = 1
"""Coverage at which collections equal the face of the first tranche."""


def headline(of: Facts) -> Iterator[Sentence]:
    """The classes that have recovered most and least."""
    found = of.ranking("recovery_by_type", "mean_recovery").firm
    if found.apart:
        yield say("apart", that=_most(found), most=found.top[0], least=found.bottom[0])
    elif found:
        yield say("one", most=found.top[0])


def seasoning(of: Facts) -> Iterator[Sentence]:
    """How old the deals are."""
    ages = of.ranking("seasoning_by_type", "mean_age")
    if not ages:
        yield say("none")
        return
    waiting = of.value("seasoning_by_type", "total", "n_unreported") > 0
    yield say("reported", waiting=say("waiting" if waiting else "all_reported"))
    yield say("mean", ends=say("ends", old=ages.top, young=ages.bottom) if ages.apart else "")


def oldest(of: Facts) -> Iterator[Sentence]:
    """The oldest and the youngest class, where one alone is each."""
    ages = of.ranking("seasoning_by_type", "mean_age")
    if ages.apart and ages.leads and len(ages.bottom) == 1:
        that = f"highest seasoning_by_type/mean_age is {named(ages.top)}"
        yield say("ends", that=that, old=ages.top[0], young=ages.bottom[0])


def terms(of: Facts) -> Iterator[Sentence]:
    """The age of the deals against the expected term of the first tranche."""
    ages = of.ranking("seasoning_by_type", "mean_age")
    expected = of.ranking("seasoning_by_type", "mean_senior_term")
    if not (ages and expected.apart):
        return
    yield say("ends", long=expected.top, short=expected.bottom)
    young = [type_ for type_ in ages if _is_young(of, type_)]
    if old := [type_ for type_ in ages if not _is_young(of, type_)]:
        yield say("beyond", types=old)
    if young:
        yield say("below", types=young)


def windows(of: Facts) -> Iterator[Sentence]:
    """The windows, an item for each class, and who has chosen them."""
    for kind in of.asset_types:
        if of.has("observation_windows", kind):
            window = of.row("observation_windows", kind)
            yield say(
                "window",
                window=window,
                deals=say("included" if window.at("n_included") > 0 else "no_deal", window=window),
                choice=_chosen(of, window),
            )


def choice(of: Facts) -> Iterator[Sentence]:
    """That windows are not those of the published report."""
    if of.count("observation_windows", chosen_by="chosen") == 0:
        return
    if of.count("observation_windows", chosen_by="published") == 0:
        yield say("all")
    elif of.cites("report1"):
        yield say("some")


def rates(of: Facts) -> Iterator[Sentence]:
    """The classes by their mean recovery."""
    recovery = of.ranking("recovery_by_type", "mean_recovery")
    if not recovery:
        yield say("none")
    elif recovery.leads and recovery.apart:
        best, *others = recovery.firm
        yield say("ranked", that=_most(recovery), best=best, others=others)
        if recovery.thin:
            yield say("thin", types=recovery.thin)
    else:
        unread = len(recovery) < of.count("seasoning_by_type")
        yield say("means", types=recovery, unread=say("unread") if unread else "")


def dispersed(of: Facts) -> Iterator[Sentence]:
    """The class whose recovery rates are most dispersed."""
    spread = of.ranking("recovery_by_type", "volatility")
    if spread.apart and spread.leads:
        yield say("most", that=_dispersed(spread), type=spread.top[0])


def ranges(of: Facts) -> Iterator[Sentence]:
    """How much of each class is included, and between which rates its deals lie."""
    included = of.series("recovery_by_type", "mean_recovery")
    if not included:
        return
    yield say("sample", types=included)
    if ranged := [type_ for type_ in included if type_.has("volatility")]:
        yield say(
            "ranged",
            types=[say("range", type=type_, low=_end(type_, "min"), high=_end(type_, "max")) for type_ in ranged],
        )
    if lone := [type_ for type_ in included if not type_.has("volatility")]:
        yield say("lone", types=lone)


def dispersion(of: Facts) -> Iterator[Sentence]:
    """The classes whose recovery rates are most and least dispersed."""
    spread = of.ranking("recovery_by_type", "volatility")
    if spread.apart:
        yield say("ends", that=_dispersed(spread), high=spread.top, low=spread.bottom)


def coverage(of: Facts) -> Iterator[Sentence]:
    """How often collections cover the first tranche."""
    cover = of.ranking("recovery_by_type", "mean_coverage")
    if not cover:
        return
    if cover[-1].number > _FACE:
        yield say("mean", types=cover, verdict=say("all"))
    else:
        yield say("mean", types=cover, verdict=say("some" if cover[0].number > _FACE else "no_type"))


def readings(of: Facts) -> Iterator[Sentence]:
    """The deals with the highest and the lowest deviation and coverage."""
    if not of.withheld("window_readings"):
        yield say("tables")
    offsets = of.ranking("window_readings", "offset")
    if offsets.apart:
        most = offsets[0]
        yield say("offsets", most=most, least=offsets.rising[0])
        if of.has("deal_summary", most.id, "offset"):
            last = of.value("deal_summary", most.id, "offset")
            if 0 < last < most.number:
                yield say("narrowed", deal=most)
    covers = of.ranking("window_readings", "coverage")
    if covers.apart:
        low = covers.rising[0]
        yield say("covers", most=covers[0], least=low, short=say("short") if low.number < _FACE else "")


def _chosen(of: Facts, window: Row) -> Sentence:
    """Who has chosen a window."""
    if window.at("chosen_by") == "chosen":
        return say("chosen")
    return say("published" if of.cites("report1") else "elsewhere")


def _most(recovery: Picks) -> str:
    """The claim that these have recovered most."""
    return f"highest recovery_by_type/mean_recovery is {named(recovery.top)}"


def _dispersed(spread: Picks) -> str:
    """The claim that recovery rates are most dispersed in these."""
    return f"highest recovery_by_type/volatility is {named(spread.top)}"


def _is_young(of: Facts, type_: Pick) -> bool:
    """Whether mean age is below the expected term of the first tranche."""
    than = "seasoning_by_type", type_.id, "mean_senior_term"
    return bool(of.side("seasoning_by_type", type_.id, "mean_age", than=than) == "below")


def _end(type_: Pick, end: str) -> Sentence:
    """The lowest or the highest rate, with the deal that has it if it may be named."""
    figure = type_.n(f"{end}_recovery")
    if type_.has(f"{end}_deal"):
        return say("of_deal", figure=figure, deal=type_.n(f"{end}_deal"))
    return say("end", figure=figure)
