"""A publication that would book somebody twice is refused with the places where it would."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from models.store.database.store import Store
from models.vocabulary import Part
from tests.api.service.running import bureau, serving
from tests.models.store.samples import EAST, WEST, draft, duty, published


@pytest.fixture
def rosters(tmp_path: Path) -> tuple[Path, int, int]:
    """Publish one office's roster, put another's that clashes with it; give folder and ids."""
    data = tmp_path / "data"
    with Store.open(data) as store:
        first = published(store, EAST, duty(EAST, 1, Part.AM, "L001"))
        with store.begin() as session:
            rows = (duty(WEST, 1, Part.AM, "L001"), duty(WEST, 2, Part.AM, "L001"))
            return data, first, draft(session, WEST, *rows)


def test_clashes_are_told_and_nothing_is_published(rosters: tuple[Path, int, int]) -> None:
    data, first, second = rosters
    headers = bureau(data, "boss", WEST)
    with (
        serving(data, workers=0) as address,
        httpx.Client(base_url=address, headers=headers, trust_env=False) as there,
    ):
        refused = there.post(f"/api/v1/rosters/{second}/publish", json={})
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/conflict")
        where = {"person": "L001", "date": "2026-12-01", "part": "am"}
        rosters_of = {"roster": second, "other": first, "other_area": EAST}
        assert refused.json()["clashes"] == [where | rosters_of]
        assert there.get(f"/api/v1/rosters/{second}").json()["stage"] == "draft"
