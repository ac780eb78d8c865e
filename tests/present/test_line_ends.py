"""Where the names at the ends of lines stand, by hand."""

from __future__ import annotations

from itertools import pairwise

from npl_report.present.charts.ends import beside

HIGH = 200.0


def test_a_name_alone_stands_at_its_end():
    assert beside({"2016": [(0.0, 200.0), (100.0, 80.0)]}, HIGH) == {"2016": 0.0}


def test_names_at_one_place_are_moved_apart():
    """Each is twelve pixels high."""
    lines = {year: [(0.0, 200.0), (100.0, 80.0)] for year in ("2016", "2017", "2018")}
    places = sorted(beside(lines, HIGH).values())
    assert len(places) == 3
    assert all(after - before >= 12 for before, after in pairwise(places))


def test_a_name_keeps_clear_of_a_line_that_goes_on():
    """A line runs level through the end of a shorter one: its name stands over or under it."""
    lines = {"2016": [(0.0, 100.0), (200.0, 100.0)], "2017": [(0.0, 100.0), (50.0, 100.0)]}
    away = beside(lines, HIGH)["2017"]
    assert abs(away) >= 7


def test_a_name_stays_in_the_plot_or_is_left_out():
    lines = {str(year): [(0.0, 0.0), (100.0, 0.0)] for year in range(2010, 2030)}
    places = beside(lines, HIGH)
    assert 0 < len(places) < len(lines)
    assert all(away >= 6 for away in places.values()), "the lines run along the upper edge"
