"""Whatever the document allows, the service answers as documented and never with a failure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.service.office import COUNTY, Office, county
from tests.api.service.running import PASSWORD, command, serving

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


KNOWN = {"area": COUNTY, "roster": 1, "name": "east", "row": "L001"}
"""What there is; half of the requests are about it."""


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str]]]:
    """Serve data and a draft; give the address and the headers of a bureau."""
    data = tmp_path_factory.mktemp("openapi") / "data"
    words = ("user", "add", "boss", "--role", "bureau", "--area", COUNTY)
    command(data, *words, said=f"{PASSWORD}\n")
    token = command(data, "token", "add", "boss", "--label", "test")
    office = Office(data)
    office.use(county())
    assert office.draft(county()) == KNOWN["roster"]
    office.close()
    with serving(data, workers=0) as address:
        yield address, {"Authorization": f"Bearer {token}"}


def test_every_answer_is_documented(asked: tuple[str, dict[str, str]]) -> None:
    address, headers = asked
    schema = schemathesis.openapi.from_url(f"{address}/api/v1/openapi.json", headers=headers)
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) > 25
    for operation in operations:
        if not operation.path.endswith("/events"):  # what never ends is no case for a generator
            _try(operation, headers)


def _try(operation: Any, headers: dict[str, str]) -> None:
    @given(case=operation.as_strategy(), is_known=st.booleans())
    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    def answer(case: Any, is_known: bool) -> None:
        path = case.path_parameters
        if is_known and path:
            path.update({name: value for name, value in KNOWN.items() if name in path})
        case.call_and_validate(headers=headers, checks=CHECKS)

    answer()


def test_the_document_needs_no_sign_in(asked: tuple[str, dict[str, str]]) -> None:
    found = httpx.get(f"{asked[0]}/api/v1/openapi.json", trust_env=False).json()
    assert "/api/v1/rosters/{roster}/publish" in found["paths"]
