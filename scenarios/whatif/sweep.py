"""Sweeps: one scenario written once for many values, by grid or by list."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import product
from typing import Any

Values = dict[str, Any]
"""What a sweep sets: name -> value."""

MOST = 1000
"""Scenarios that a question may come to, sweeps and seeds multiplied out."""

_BLANK = re.compile(r"\{(\w+)\}")


class SweepError(ValueError):
    """Raised for an invalid sweep: the path below the scenario, the code of the message, its words."""

    def __init__(self, path: tuple[str | int, ...], code: str, **words: object) -> None:
        self.path, self.code, self.words = path, code, words
        super().__init__(code)


def combinations(scenario: Mapping[str, Any]) -> list[Values]:
    """Return the values of each combination of a sweep; one empty combination without a sweep.

    ``grid`` gives values for each name, as a list or as a range ``{from, to, step}``, and means
    every combination; ``list`` gives the combinations themselves.

    Raises
    ------
    SweepError
        When grid or list cannot be read, or both are given.
    """
    grid, rows = scenario.get("grid"), scenario.get("list")
    if grid is not None and rows is not None:
        raise SweepError(("list",), "sweep_both")
    if rows is not None:
        return _rows(rows)
    if grid is None:
        return [{}]
    if not isinstance(grid, dict) or not grid:
        raise SweepError(("grid",), "sweep_grid")
    axes = {name: _axis(name, values) for name, values in grid.items()}
    if math.prod(map(len, axes.values())) > MOST:
        raise SweepError(("grid",), "sweep_combinations", most=MOST)
    return [dict(zip(axes, taken, strict=True)) for taken in product(*axes.values())]


def filled(value: Any, values: Values) -> Any:
    """Return a value with every ``{name}`` filled in; a text that is nothing else becomes the value itself."""
    if isinstance(value, dict):
        return {key: filled(item, values) for key, item in value.items()}
    if isinstance(value, list):
        return [filled(item, values) for item in value]
    if not isinstance(value, str):
        return value
    whole = _BLANK.fullmatch(value)
    if whole and whole[1] in values:
        return values[whole[1]]
    return _BLANK.sub(lambda found: _text(values.get(found[1], found[0])), value)


def blanks(value: Any) -> Iterator[str]:
    """Yield the names of all ``{name}`` in a value."""
    if isinstance(value, dict):
        for item in value.values():
            yield from blanks(item)
    elif isinstance(value, list):
        for item in value:
            yield from blanks(item)
    elif isinstance(value, str):
        yield from _BLANK.findall(value)


def described(values: Values) -> str:
    """Return the values in words: ``cap 3, minutes 30``."""
    return ", ".join(f"{name} {_text(value)}" for name, value in values.items())


def _rows(rows: Any) -> list[Values]:
    if not isinstance(rows, list) or not rows or not all(isinstance(r, dict) and r for r in rows):
        raise SweepError(("list",), "sweep_list")
    for number, row in enumerate(rows):
        if row.keys() != rows[0].keys():
            raise SweepError(
                ("list", number),
                "sweep_names",
                names="、".join(rows[0]),
                names_en=", ".join(rows[0]),
            )
    return rows


def _axis(name: str, values: Any) -> list[Any]:
    if isinstance(values, dict):
        values = _range(name, values)
    if not isinstance(values, list) or not values:
        raise SweepError(
            ("grid", name),
            "sweep_axis",
        )
    if len(values) > MOST:
        raise SweepError(
            ("grid", name),
            "sweep_values",
            most=MOST,
        )
    return values


def _range(name: str, given: dict[str, Any]) -> list[Any]:
    """Return the numbers from ``from`` to ``to`` inclusive; decimals stay as they are written."""
    numbers = [given.get("from"), given.get("to"), given.get("step", 1)]
    is_range = given.keys() <= {"from", "to", "step"}
    if not is_range or any(type(value) not in (int, float) for value in numbers):
        return []
    first, last, step = (Decimal(str(value)) for value in numbers)
    if not (first.is_finite() and last.is_finite() and step.is_finite()) or step <= 0:
        return []
    count = min(int((last - first) // step) + 1, MOST + 1)
    whole = all(type(value) is int for value in numbers)
    return [int(first + n * step) if whole else float(first + n * step) for n in range(count)]


def _text(value: Any) -> str:
    return "、".join(map(_text, value)) if isinstance(value, list) else str(value)
