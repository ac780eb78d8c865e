"""Profiles → the pages of deals and banks of one language, and their lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

from npl_report.present.contexts import Shell
from npl_report.present.localized import LocalizedEdition
from npl_report.present.pages import PlacedChart
from npl_report.present.profiles import Banks, Cells, Deals, Strips, bank_list, deal_lists
from npl_report.site.page import SitePage


class MakeShell(Protocol):
    """Makes what surrounds a page."""

    def __call__(self, kind: str, path: str, title: str, description: str, *, charts: bool) -> Shell:
        """The shell of the page at ``path``."""
        ...


class Render(Protocol):
    """Gathers a page of a kind."""

    def __call__(self, template: str, shell: Shell, markdown: str = "", **values: object) -> SitePage:
        """The page by ``templates/html/<template>.html``."""
        ...


def profile_pages(
    localized: LocalizedEdition, curve: Callable[[str], PlacedChart | None], shell: MakeShell, render: Render
) -> Iterator[tuple[str, SitePage]]:
    """Pages with their paths in the language's folder, each as it is made; ``curve`` gives a deal's.

    Deals whose data are not public have none.
    """
    cells = Cells(localized)
    strips = Strips(cells)
    deals, dot = Deals(cells, strips), str(localized.words["ui.dot"])
    for deal in deals.pages() if localized.deal_pages else ():
        figure = curve(deal.id)
        yield (
            deal.path,
            render(
                "deal",
                shell("deal", deal.path, deal.name, deal.description, charts=figure is not None),
                deal=deal,
                figure=figure,
            ),
        )
    for bank in Banks(cells, deals.ordered, strips).pages():
        yield (
            bank.path,
            render("bank", shell("bank", bank.path, bank.name, bank.description, charts=False), bank=bank),
        )
        for further in bank.further:
            title = dot.join([bank.name, further.deals.title, further.pager.told])
            part = shell("part", further.path, title, title, charts=False)
            yield further.path, render("bank_deals", part, bank=further)
    for all_deals in deal_lists(cells, deals.ordered) if localized.deal_pages else ():
        told = [all_deals.title, *([all_deals.pager.told] if all_deals.pager else [])]
        kind = "part" if all_deals.pager and all_deals.pager.previous else "list"
        around = shell(kind, all_deals.path, dot.join(told), dot.join(told), charts=False)
        yield all_deals.path, render("deals", around, deals=all_deals)
    all_banks = bank_list(cells)
    around = shell("list", all_banks.path, all_banks.title, all_banks.title, charts=False)
    yield all_banks.path, render("banks", around, banks=all_banks)
