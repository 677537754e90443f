"""Bundled scenarios, each made once per session: a city takes two seconds, the province ten."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from models.instance import Instance
from scenarios.generator.catalogue import load


@pytest.fixture(scope="session")
def scenario() -> Callable[[str], Instance]:
    return cache(load)


@pytest.fixture(scope="session")
def suzhou(scenario: Callable[[str], Instance]) -> Instance:
    return scenario("suzhou")


@pytest.fixture(scope="session")
def yunnan(scenario: Callable[[str], Instance]) -> Instance:
    return scenario("yunnan")
