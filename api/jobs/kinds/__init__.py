"""The kinds of jobs: found by module, named by their orders. Adding a file adds a kind."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from api.jobs.contract.kind import JobKind
from api.jobs.contract.order import JobOrder


@cache
def kinds() -> Mapping[str, JobKind[Any]]:
    """Return every kind by its name."""
    return {kind.name: kind for kind in _found()}


def kind_of(order: JobOrder) -> JobKind[Any]:
    """Return the kind of an order."""
    return kinds()[order.kind]


def read_order(content: Mapping[str, Any]) -> JobOrder:
    """Return an order from the values that are kept of it.

    Raises
    ------
    KeyError, pydantic.ValidationError
        It is no order of any kind there is.
    """
    order: JobOrder = kinds()[content["kind"]].order.model_validate(content)
    return order


def _found() -> Iterator[JobKind[Any]]:
    for module in pkgutil.iter_modules(__path__):
        if not module.ispkg:
            loaded = importlib.import_module(f"{__name__}.{module.name}")
            (kind,) = (c for c in vars(loaded).values() if _is_kind(c, loaded.__name__))
            yield kind()


def _is_kind(candidate: object, module: str) -> bool:
    return (
        isinstance(candidate, type)
        and issubclass(candidate, JobKind)
        and candidate.__module__ == module
    )
