"""Profiles → the pages of deals and banks of one language, and their lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from npl_report.present.localized import LocalizedEdition
from npl_report.present.pages import PlacedChart
from npl_report.present.profiles import Banks, Cells, Deals, Strips, bank_list, deal_lists
from npl_report.site.comparison import MOST
from npl_report.site.page import MakeShell, Render, SitePage


class Profiles:
    """Pages with their paths in the language's folder, each as it is made; ``curve`` gives a deal's.

    Deals whose data are not public have none.
    """

    def __init__(
        self, localized: LocalizedEdition, curve: Callable[[str], PlacedChart | None], shell: MakeShell, render: Render
    ) -> None:
        self._localized, self._curve, self._shell, self._render = localized, curve, shell, render
        self._cells = Cells(localized)
        self._strips = Strips(self._cells)
        self._deals = Deals(self._cells, self._strips)

    def deals(self, part: range) -> Iterator[tuple[str, SitePage]]:
        """The pages of deals at some places, of which some may be beyond the last."""
        for deal in self._deals.pages(part):
            figure = self._curve(deal.id)
            shell = self._shell("deal", deal.path, deal.name, deal.description, charts=figure is not None)
            yield deal.path, self._render("deal", shell, deal=deal, figure=figure)

    def banks(self) -> Iterator[tuple[str, SitePage]]:
        """The pages of banks, and the lists of deals and banks, and the one that lays deals side by side."""
        cells, shell, render = self._cells, self._shell, self._render
        dot, ordered = str(self._localized.words["ui.dot"]), self._deals.ordered
        for bank in Banks(cells, ordered, self._strips).pages():
            around = shell("bank", bank.path, bank.name, bank.description, charts=False)
            yield bank.path, render("bank", around, bank=bank)
            for further in bank.further:
                title = dot.join([bank.name, further.deals.title, further.pager.told])
                part = shell("part", further.path, title, title, charts=False)
                yield further.path, render("bank_deals", part, bank=further)
        for all_deals in deal_lists(cells, ordered) if self._localized.deal_pages else ():
            told = [all_deals.title, *([all_deals.pager.told] if all_deals.pager else [])]
            kind = "part" if all_deals.pager and all_deals.pager.previous else "list"
            around = shell(kind, all_deals.path, dot.join(told), dot.join(told), charts=False)
            yield all_deals.path, render("deals", around, deals=all_deals, most=MOST)
        if self._localized.deal_pages:
            title = str(self._localized.words["compare.title"])
            around = shell("list", "deals/compare.html", title, title, charts=False)
            yield "deals/compare.html", render("compare", around, most=MOST)
        all_banks = bank_list(cells)
        around = shell("list", all_banks.path, all_banks.title, all_banks.title, charts=False)
        yield all_banks.path, render("banks", around, banks=all_banks)
