"""One test over many things: as ``pytest.mark.parametrize``, but a single case, which fails once and names every
offender."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable
from typing import Any

import pytest

_SHOWN = 600
"""Characters of an offender's message."""


def every(name: str, values: Iterable[Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Run the test for each of the values of its argument ``name``, whatever fails before.

    Its fixtures are shared by all of them.
    """
    wanted = tuple(values)
    assert wanted, f"no {name} to look at"

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(test)
        def run(**fixtures: Any) -> None:
            wrong: list[str] = []
            for value in wanted:
                try:
                    test(**fixtures, **{name: value})
                except (Exception, pytest.fail.Exception) as error:  # noqa: BLE001 -- told below, all of them
                    wrong.append(f"{name} {value}: {type(error).__name__}: {str(error)[:_SHOWN]}")
            if wrong:
                pytest.fail(f"{len(wrong)} of {len(wanted)}\n" + "\n".join(wrong), pytrace=False)

        whole = inspect.signature(test)
        run.__signature__ = whole.replace(parameters=[part for part in whole.parameters.values() if part.name != name])  # type: ignore[attr-defined]
        return run

    return decorate
