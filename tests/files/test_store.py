"""What builds have made, as it is kept: whole or not at all, and not for ever."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from npl_report.files.made import Files, Stored
from npl_report.files.store import Store, trim

KEY = "ab" * 32
PAGES = {"en/a.html": b"<p>a</p>", "en/b.html": "<p>回收率</p>".encode()}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(tmp_path / "made")
    made.keep(KEY, PAGES.items(), lambda: {"signs": "回a"})
    return made


def test_what_was_made_comes_back(store: Store):
    found = store.found(KEY)
    assert found
    assert {path: item.read() for path, item in found.files.items()} == PAGES
    assert found.told == {"signs": "回a"}


def test_another_key_has_nothing(store: Store):
    assert store.found("cd" * 32) is None


def test_a_forgetful_store_gives_nothing_and_keeps_all_the_same(store: Store, tmp_path: Path):
    forgetful = Store(tmp_path / "made", forgetful=True)
    forgetful.keep("cd" * 32, PAGES.items())
    assert forgetful.found("cd" * 32) is None
    assert store.found("cd" * 32)


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def longer(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"x")


def of_another_version(path: Path) -> None:
    """A record whose sum is right and which says other things."""
    path.write_bytes(b"44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a\n{}")


@pytest.mark.parametrize("change", [cut_off, longer, of_another_version, Path.unlink])
@pytest.mark.parametrize("kind", ["products", "files"])
def test_what_is_not_whole_is_not_there(store: Store, tmp_path: Path, kind: str, change: Callable[[Path], None]):
    change(next(path for path in sorted((tmp_path / "made" / kind).rglob("*")) if path.is_file()))
    assert store.found(KEY) is None
    store.keep(KEY, PAGES.items(), lambda: {"signs": "回a"})
    assert store.found(KEY)


def test_two_products_share_a_file(store: Store, tmp_path: Path):
    store.keep("cd" * 32, [("zh/a.html", PAGES["en/a.html"])])
    assert len([path for path in (tmp_path / "made" / "files").rglob("*") if path.is_file()]) == len(PAGES)


def test_files_are_read_when_they_are_asked_for(store: Store):
    found = store.found(KEY)
    assert found
    files = Files({"index.html": b"x"})
    files.add(found.files)
    assert dict(files) == {"index.html": b"x", **PAGES}
    assert files.sha256("en/a.html") == found.files["en/a.html"].sha256
    assert isinstance(Files(files).kept()["en/a.html"], Stored)


@pytest.mark.parametrize("linked", [True, False])
def test_a_file_of_the_store_is_linked_only_where_that_will_do(store: Store, tmp_path: Path, *, linked: bool):
    """What is published must not change with a file of the cache."""
    found = store.found(KEY)
    assert found
    assert Files(found.files).write("en/a.html", tmp_path / "a.html", linked=linked) == len(PAGES["en/a.html"])
    assert (tmp_path / "a.html").read_bytes() == PAGES["en/a.html"]
    assert (tmp_path / "a.html").samefile(found.files["en/a.html"].place) == linked


def test_a_disk_without_links_gets_copies(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def none(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", none)
    found = store.found(KEY)
    assert found
    Files(found.files).write("en/a.html", tmp_path / "a.html", linked=True)
    assert (tmp_path / "a.html").read_bytes() == PAGES["en/a.html"]


def old(path: Path, size: int, days: float) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x" * size)
    os.utime(path, (time.time() - days * 86400,) * 2)
    return path


def test_a_cache_that_is_too_large_loses_what_was_used_for_longest_ago(tmp_path: Path):
    oldest, older, recent = (
        old(tmp_path / name, 100, days) for name, days in (("svg/a", 30), ("made/files/b", 20), ("c", 0.5))
    )
    assert trim(tmp_path, 250) == 100
    assert (oldest.exists(), older.exists(), recent.exists()) == (False, True, True)
    assert trim(tmp_path, 0) == 100
    assert recent.exists()  # another build may be reading it
    assert trim(tmp_path, 250) == 0


def test_no_cache_is_small_enough(tmp_path: Path):
    assert trim(tmp_path / "none", 0) == 0
