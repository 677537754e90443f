"""Whoever reads or takes away personal data stands in the log (个人信息保护法, 2021, arts. 51 and 54)."""

from __future__ import annotations

import logging

from api.office.context import Service
from models.store.database.errors import UnavailableError
from models.store.database.log import record

LOG = logging.getLogger("zhiban.reads")

PERSONAL = frozenset({"people", "leave", "wishes", "conflicts", "limits"})
"""Tables of the data that are about people."""


def note_personal_read(service: Service, area: str, what: str, *, by: str) -> None:
    """Write into the log that personal data of an area were read or taken away.

    Where nothing can be written, what can be read is still read: the program's own log then says so.

    Parameters
    ----------
    what
        A table, a row (``people/L001``), a file.
    """
    try:
        with service.store.begin() as session:
            record(session, "read_personal", f"area:{area}", by=by, after={"what": what})
    except UnavailableError:
        LOG.warning("a reading of personal data is not in the log", extra={"area": area, "by": by})
