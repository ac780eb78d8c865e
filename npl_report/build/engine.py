"""What makes files of an edition's pages: the builtin engine, or another that takes its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from npl_report.load.project import Project
from npl_report.model import Language
from npl_report.model.progress import Progress

if TYPE_CHECKING:  # an unchanged build imports no page
    from npl_report.site.page import SitePage


class Engine(Protocol):
    """An engine of pages.

    The builtin one makes every edition whole before; another replaces its pages, at the same addresses.
    """

    @property
    def name(self) -> str:
        """As the manifest records it, with its version: another name is another build."""
        ...

    def inputs(self, project: Project) -> dict[str, str]:
        """SHA-256 of the files that it reads beside those that every build does, by path relative to the project."""
        ...

    def check(self, project: Project, languages: Sequence[Language]) -> None:
        """InputError for what is wrong with its settings, before the long work."""
        ...

    def render(
        self, project: Project, files: Mapping[str, bytes], pages: Mapping[str, SitePage], jobs: int, progress: Progress
    ) -> Mapping[str, bytes]:
        """All files of the edition, given those of the builtin engine and its ``pages`` by path.

        InputError for what cannot be rendered.
        """
        ...


class Builtin:
    """Pandoc's HTML in the templates: it needs nothing more, and its pages are there."""

    name = "builtin"

    def inputs(self, project: Project) -> dict[str, str]:
        """None beside those of every build."""
        return {}

    def check(self, project: Project, languages: Sequence[Language]) -> None:
        """Nothing to set."""

    def render(
        self, project: Project, files: Mapping[str, bytes], pages: Mapping[str, SitePage], jobs: int, progress: Progress
    ) -> Mapping[str, bytes]:
        """The files as they are."""
        return files


BUILTIN = Builtin()
