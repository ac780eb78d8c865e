"""The table of planted faults keeps up with the code: a fault whose text is gone is no longer looked for."""

from __future__ import annotations

from collections import Counter

import plant


def stands(place: tuple[str, str, str]) -> bool:
    """Whether the text that is replaced stands once in its file."""
    file, old, _ = place
    path = plant.ROOT / file
    return path.is_file() and path.read_text(encoding="utf-8").count(old) == 1


def test_every_fault_can_be_planted():
    """In one of its places: the others are those of earlier commits."""
    assert [fault.id for fault in plant.faults() if not any(map(stands, fault.places))] == []


def test_every_fault_changes_something_and_has_tests():
    faults = plant.faults()
    assert [fault.id for fault in faults if any(old == new for _, old, new in fault.places)] == []
    assert [fault.id for fault in faults if not fault.tests] == []
    assert [name for fault in faults for name in fault.tests if not (plant.ROOT / name).is_file()] == []
    assert [id_ for id_, count in Counter(fault.id for fault in faults).items() if count > 1] == []
