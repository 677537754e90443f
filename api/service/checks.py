"""What the service needs to be ready: its database, its queue, room in its folder."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping

from sqlalchemy import text

from api.jobs.service import JobService
from api.service.health import Check
from api.settings import ServiceSettings
from models.store.database.store import Store

ROOM_BYTES = 1_000_000
"""What must fit into the data folder: an edit, a small plan."""


def checks(settings: ServiceSettings, store: Store, jobs: JobService) -> Mapping[str, Check]:
    """Return what to look at, by the word that is shown to anybody."""

    def database() -> None:
        with store.read() as session:
            session.execute(text("SELECT 1"))

    def folder() -> None:
        with tempfile.TemporaryFile(dir=settings.data) as probe:  # has no name, stays nowhere
            probe.write(bytes(ROOM_BYTES))

    return {"database": database, "queue": jobs.check, "folder": folder}
