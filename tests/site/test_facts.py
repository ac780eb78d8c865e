"""What a page tells of itself when it is made: its places, its links, its words."""

from __future__ import annotations

import json

import pytest

from npl_report.site.facts import facts_told, leading, mark, named, page_facts
from npl_report.site.links import dead_links

PAGE = """<html><head><link rel="stylesheet" href="../assets/site.css"></head><body>
<nav><a href="index.html">no</a></nav><main>
<p>Lead <a href="tables/x.html#total.n">1</a></p><h2 id="one">One</h2><p class="chart">drawn</p><p>said</p>
<a href="#one">up</a><a href="https://example.org/x">out</a><img alt="" src="data:image/png;base64,x">
<script>"<a href='never.html'>", "<a href=\\"never.html\\">"</script></main></body></html>"""


def test_links_lead_from_the_page():
    assert dict(leading("en/a.html", PAGE)) == {
        "../assets/site.css": "assets/site.css",
        "index.html": "en/index.html",
        "tables/x.html#total.n": "en/tables/x.html#total.n",
        "#one": "en/a.html#one",
    }


def test_a_page_tells_its_places_and_links_as_marks():
    facts = page_facts("en/a.html", PAGE)
    assert set(facts.anchors) == {mark("en/a.html#one")}
    assert set(facts.links) == {mark(place) for _, place in leading("en/a.html", PAGE)}
    assert facts.said == ()


def test_it_says_what_the_search_looks_for():
    facts = page_facts("en/a.html", PAGE, without=frozenset({"chart"}), also="row names")
    assert [(item.id, item.title, item.text) for item in facts.said] == [
        ("", "", "Lead 1"),
        ("one", "One", "said upout"),
        ("", "", "row names"),
    ]


def test_facts_are_kept_as_json():
    tile = '<div class="tile"><div class="figure">156 笔</div> <div class="caption">deals</div>{}</div>'
    tiles = tile.format("") + tile.format('<div class="detail">of <b>7</b></div><div class="detail">more</div>')
    findings = '<h2 id="findings">F</h2><ul><li><b>One</b> &lt; 2.</li><li>Two.</li></ul><ul><li>no</li></ul></main>'
    page = (PAGE + tiles).replace("</main>", findings)
    facts = page_facts("en/a.html", page, without=frozenset(), headline="It fell")
    assert [(item.figure, item.caption, item.detail) for item in facts.front.tiles] == [
        ("156 笔", "deals", ""),
        ("156 笔", "deals", "of 7"),
    ]
    assert (facts.front.headline, facts.front.findings) == ("It fell", ("One < 2.", "Two."))
    assert facts_told(json.loads(json.dumps(facts.told()))) == facts


def test_marks_are_the_same_in_every_process():
    """``printf 'en/index.html#cite' | b2sum -l 64``."""
    assert mark("en/index.html#cite") == 0x4E12D37407E08552


@pytest.mark.parametrize(
    ("link", "dead"),
    [
        ("b.html", False),
        ("b.html#there", False),
        ("b.html#gone", True),
        ("c.html", True),
        ("#here", False),
        ("#gone", True),
        ("../assets/site.css", False),
        ("../assets/none.css", True),
        ("../../index.html", False),
        ("../../none.html", True),
        ("b.html?x", True),
    ],
)
def test_dead_links(link: str, *, dead: bool):
    files = {
        "en/a.html": f'<p id="here"><a class="x" href="{link}">x</a></p>'.encode(),
        "en/b.html": b'<p id="there"></p>',
        "assets/site.css": b"",
    }
    expected = [("en/a.html", link)] if dead else []
    assert [(item.file, item.value) for item in dead_links(files, ["index.html"])] == expected
    facts = {path: page_facts(path, files[path].decode()) for path in ("en/a.html", "en/b.html")}
    assert [(item.file, item.value) for item in dead_links(files, ["index.html"], facts)] == expected


def test_assets_are_named_plainly_or_quoted():
    assert named('<img src="a%20b.png"><link href="site.css">', ["a b.png", "site.css", "other.js"]) == [
        "a b.png",
        "site.css",
    ]
