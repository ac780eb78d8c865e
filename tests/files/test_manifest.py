"""The manifest: what is written is read again, and what other versions wrote or strangers made is told apart."""

from __future__ import annotations

import json
from typing import Any

import pytest

from npl_report.files.manifest import Manifest, read_manifest
from tests.helpers.manifests import some_manifest

WHOLE = some_manifest(
    npl_report="0.1.0",
    code="c" * 64,
    environment={"system": {"Python": "3.11"}},
    inputs={"data/deals.csv": "1" * 64},
    earlier=(("2019-06", "2" * 64),),
    outputs={"zh/index.html": "3" * 64},
    series="npl-research",
    address="https://npl-report.example",
    tables=("issuance_by_type",),
    front={"zh": {"title": "不良资产证券化"}},
    restricted={"data/deals.csv": "1" * 64},
    causes=("2019-06",),
)


@pytest.mark.parametrize("manifest", [WHOLE, some_manifest(), some_manifest(engine="builtin", fingerprint="4" * 64)])
def test_what_is_written_is_read(manifest: Manifest):
    assert read_manifest(manifest.written()) == manifest


def test_what_an_older_version_did_not_write_is_empty_and_what_a_newer_one_adds_is_left_out():
    content = json.loads(WHOLE.written())
    for name in ("environment", "restricted", "causes", "earlier"):
        del content[name]
    read = read_manifest(json.dumps(content | {"licence": "GPL"}).encode())
    assert (read.environment, read.restricted, read.causes, read.earlier) == ({}, {}, (), ())
    assert (read.front, read.outputs) == (WHOLE.front, WHOLE.outputs)


@pytest.mark.parametrize(
    "change",
    [
        {"edition": 2020},
        {"revision": "1"},
        {"languages": "zh"},
        {"outputs": ["zh/index.html"]},
        {"earlier": [["2019-06"]]},
        {"front": None},
    ],
    ids=str,
)
def test_a_value_of_another_kind_is_no_manifest(change: dict[str, Any]):
    with pytest.raises(ValueError):  # noqa: PT011 -- whoever reads it says what is wrong, with the file
        read_manifest(json.dumps(json.loads(WHOLE.written()) | change).encode())


@pytest.mark.parametrize("name", ["edition", "revision", "as_of", "published_on", "languages", "outputs"])
def test_without_what_it_must_say_it_is_none(name: str):
    content = json.loads(WHOLE.written())
    del content[name]
    with pytest.raises(ValueError, match="no manifest"):
        read_manifest(json.dumps(content).encode())
