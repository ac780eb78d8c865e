"""What a project owns of what the program has too: tables, kinds of charts and words, which lie in folders of its own.

Tables and charts are code of the user's own. Python imports them as modules of a package that is called by their
content, so that a changed file is another module, in a long-lived process too, and nothing compiled is left in the
project.
"""

from __future__ import annotations

import re
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.abc import MetaPathFinder
from importlib.machinery import FileFinder, ModuleSpec, SourceFileLoader
from pathlib import Path
from types import ModuleType

from npl_report.files.hashing import digest
from npl_report.model.errors import InputError, Problem

TABLES, CHARTS, WORDS = "tables", "charts", "words"
"""Folders of a project, each there or not."""
CODE = TABLES, CHARTS
_PACKAGE = "npl_report_project_"
_PASSED = "__pycache__"
_WORDS_OF_A_TABLE = re.compile(rf"{TABLES}/\w+/[a-z]{{2,3}}(-\w+)*\.toml")


@dataclass(frozen=True)
class Owned:
    """The project whose own things this process uses.

    ``code`` is the hash of its tables and charts, ``package`` the one under which Python imports them; both are empty
    where it has none.
    """

    root: Path | None = None
    code: str = ""
    package: str = ""

    def folder(self, name: str) -> Path | None:
        """One of its folders, if it is there."""
        found = self.root / name if self.root else None
        return found if found and found.is_dir() else None

    def shown(self, path: Path) -> str:
        """A file of the project as messages name it; empty for any other."""
        inside = self.root is not None and path.is_relative_to(self.root)
        return path.relative_to(self.root).as_posix() if self.root and inside else ""


_held = [Owned()]


def owned() -> Owned:
    """The project whose own things are used; that of no folder before one is taken."""
    return _held[-1]


def take(own: Owned) -> None:
    """Use the things of this project from now on."""
    if own.package and own.package not in sys.modules:
        package = ModuleType(own.package)
        package.__path__ = [str(own.root)]
        sys.modules[own.package] = package
    _held[-1] = own


@contextmanager
def taken(own: Owned) -> Iterator[None]:
    """Use the things of this project inside the block only."""
    before = owned()
    take(own)
    try:
        yield
    finally:
        take(before)


def owned_by(root: Path) -> Owned:
    """What the project in a folder owns, as it is now."""
    code_files = (path for path in owned_files(root, CODE) if not _WORDS_OF_A_TABLE.fullmatch(path))
    hashes = {path: digest((root / path).read_bytes()) for path in code_files}
    if not any(path.endswith(".py") for path in hashes):
        return Owned(root)
    code = digest(repr(sorted(hashes.items())).encode())
    return Owned(root, code, f"{_PACKAGE}{digest(f'{root}{code}'.encode())[:16]}")


def owned_files(root: Path, folders: Sequence[str] = (*CODE, WORDS)) -> list[str]:
    """The files in these folders by path in the project, sorted; what other programs leave there is left out."""
    found: list[str] = []
    for folder in folders:
        paths = (path.relative_to(root) for path in (root / folder).rglob("*") if path.is_file())
        found += [path.as_posix() for path in paths if not any(map(_is_no_input, path.parts))]
    return sorted(found)


def _is_no_input(name: str) -> bool:
    return name == _PASSED or name.startswith((".", "~$")) or name.endswith("~")


@contextmanager
def blamed(shown: str, does: str, fix: str) -> Iterator[None]:
    """What code of the project raises is a problem of its last own line, or else of the file ``shown``.

    ``does``: at which occasion, as in "cannot be imported".
    """
    try:
        yield
    except InputError:
        raise
    except (Exception, SystemExit) as error:
        file, row = _line_of(error) or (shown, None)
        said = " ".join((error.msg if isinstance(error, SyntaxError) else str(error)).split())
        name = "" if type(error).__name__ == "DefinitionError" else type(error).__name__
        rule = f"{does}: {': '.join(part for part in (name, said) if part)}"
        raise InputError([Problem(file, row, rule=rule, fix=fix)]) from error


def _line_of(error: BaseException) -> tuple[str, int | None] | None:
    """The last line of the project's own code in what led to an error."""
    if isinstance(error, SyntaxError) and (shown := owned().shown(Path(error.filename or ""))):
        return shown, error.lineno
    frames = traceback.extract_tb(error.__traceback__)
    named = [(owned().shown(Path(frame.filename)), frame.lineno) for frame in frames]
    own = [(shown, row) for shown, row in named if shown.startswith(tuple(f"{name}/" for name in CODE))]
    return own[-1] if own else None


class _Source(SourceFileLoader):
    """Reads a module from its source alone: a compiled one may be older, and would be left in the project."""

    def path_stats(self, path: str) -> dict[str, int]:
        """Nothing is known of the file, so that none that was compiled is looked for."""
        raise OSError(path)


class _Finder(MetaPathFinder):
    """Finds modules of projects."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """That of a module below a project's package; None for any other."""
        del target
        if path is None or not fullname.startswith(_PACKAGE):
            return None
        found = (FileFinder(entry, (_Source, [".py"])).find_spec(fullname) for entry in path)
        return next((spec for spec in found if spec), None)


sys.meta_path.insert(0, _Finder())
