"""Project → everything that an edition's pages are made from.

Data read and checked, tables computed, words and prose gathered.
"""

from __future__ import annotations

from collections.abc import Mapping

from npl_report.build.job import Collected
from npl_report.build.kept import KeptTables
from npl_report.load.data import Source, dataset, read_source
from npl_report.load.ledger import read_bindings, read_ledger
from npl_report.load.market import check_market
from npl_report.load.package import check_languages
from npl_report.load.project import Project, check_publication, read_series
from npl_report.load.restatements import check_restated
from npl_report.load.structure import check_cases
from npl_report.load.tablefolders import table_folder, table_keys
from npl_report.load.works import read_works
from npl_report.model import Dataset, Edition, Language, Result, Series, Unavailable
from npl_report.model.progress import Progress
from npl_report.present.chapters import chapter_texts
from npl_report.present.localized import LocalizedEdition
from npl_report.present.profiles import TABLES as PROFILE_TABLES
from npl_report.present.reading import Reading
from npl_report.reconcile.reconciliation import (
    Reconciled,
    computable_tables,
    in_edition,
    on_own_days,
    public_reconciled,
    reconcile,
)
from npl_report.tables import Computed, add_tables, catalogue
from npl_report.tables.structure import DealTerms, deal_terms
from npl_report.tables.withheld import public
from npl_report.text.ownwords import check_whole
from npl_report.text.words import articles, compare, program_words, read_words, table_words, term_ids


def read(project: Project, edition: Edition, progress: Progress, kept: KeptTables | None = None) -> Reading:
    """Read, validate and compute; every problem of data, words and prose is told at once.

    ``kept``: where computed tables are looked for, and kept; those of which a file is restricted stay in memory.
    """
    series = read_series(project, table_keys()).of(edition.id)
    check_whole(project.languages, {key: table_folder(key) for key in table_keys()})
    progress("read and check the data")
    source = read_source(project.data)
    edition = source.reporting(edition)
    check_languages(source.package, edition.languages)
    check_market(source.market, {of: articles(of) for of in edition.languages}, term_ids(*edition.languages))
    data = dataset(source, edition.as_of, edition.market)
    gaps, accepted = source.gaps(data)
    if warnings := (*source.warnings, *gaps):
        word = "warning" if len(warnings) == 1 else "warnings"
        progress(f"{len(warnings)} {word} about the data: npl-report check prints them")
    check_cases(edition, data.deals, data.forecasts)
    check_restated(edition, series.table_keys)
    deals = f"{len(data.deals)} deal{'s' if len(data.deals) != 1 else ''}"
    progress(f"compute {len(series.table_keys)} tables from {deals}")
    store = None if source.restricted else kept
    results, reconciled = _computed(project, series, edition, source, data, store, progress)
    terms = _of_pages(source, edition, data)
    progress(f"gather words and prose in {', '.join(edition.languages)}")
    collected = Collected()
    _compare_words(project, collected)
    by_language = {}
    for language in edition.languages:
        with collected.step():
            localized = _localized(project, language, series, edition, source, data, results, reconciled, terms)
            by_language[language] = localized
            collected.problems += localized.problems()
    collected.done()
    return Reading(edition, series, source, results, by_language, warnings, accepted)


def _compare_words(project: Project, collected: Collected) -> None:
    """Tell of words that one language has and another lacks."""
    with collected.step():
        collected.problems += compare({language: program_words(language) for language in project.languages})
    for key in table_keys():
        with collected.step():
            collected.problems += compare(
                {language: table_words(table_folder(key), language) for language in project.languages}
            )


def _of_pages(source: Source, edition: Edition, data: Dataset) -> Mapping[str, DealTerms]:
    """What the pages of deals compute from; of data whose rows are not public there are none."""
    closed = source.restricted & {*Dataset.OF_DEALS}
    return {} if closed else deal_terms(data, edition.structure, edition.market.ladder)


def _computed(
    project: Project,
    series: Series,
    edition: Edition,
    source: Source,
    data: Dataset,
    kept: KeptTables | None,
    progress: Progress,
) -> tuple[Mapping[str, Result | Unavailable], list[Reconciled]]:
    """The tables as they may be published, and every published figure beside ours."""
    published = project.data / "published"
    ledger = read_ledger(published) if published.is_dir() else []
    figures = in_edition(edition.id, ledger, read_bindings(published)) if ledger else {}
    keys = dict.fromkeys((*series.table_keys, *PROFILE_TABLES, *computable_tables(figures)))
    results = add_tables(keys, data, edition, Computed() if kept is None else kept, progress)
    dated = on_own_days(figures, source, edition)
    reconciled = reconcile(ledger, figures, catalogue(edition.market), results, dated)
    if not source.restricted:
        return results, reconciled
    shown = public(results, source.restricted, edition.market)
    then = {day: public(found, source.restricted, edition.market) for day, found in dated.items()}
    return shown, public_reconciled(reconciled, reconcile(ledger, figures, catalogue(edition.market), shown, then))


def _localized(
    project: Project,
    language: Language,
    series: Series,
    edition: Edition,
    source: Source,
    data: Dataset,
    results: Mapping[str, Result | Unavailable],
    reconciled: list[Reconciled],
    terms: Mapping[str, DealTerms],
) -> LocalizedEdition:
    """The edition in one language, with the publication's words and the titles of its chapters."""
    check_publication(project, language)
    words = read_words(project.report / language / "_series.toml", f"report/{language}/_series.toml")
    chapters = chapter_texts(project, edition.id, language, series.chapters)
    works = read_works(project.report, language)
    return LocalizedEdition(language, words, chapters, series, edition, source, data, results, reconciled, terms, works)
