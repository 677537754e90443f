"""The database of the jobs: DBOS's own tables, a row per live worker, counts of ended jobs."""

from __future__ import annotations

import sqlalchemy as sa
from dbos import DBOS
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import CreateTable

_TABLES = sa.MetaData()
WORKERS = sa.Table(
    "zhiban_workers",
    _TABLES,
    sa.Column("executor", sa.String(200), primary_key=True),
    sa.Column("beat", sa.BigInteger, nullable=False),
)
ENDED = sa.Table(
    "zhiban_ended",
    _TABLES,
    sa.Column("kind", sa.String(40), primary_key=True),
    sa.Column("state", sa.String(40), primary_key=True),
    sa.Column("count", sa.BigInteger, nullable=False),
)


def prepare(url: str) -> sa.Engine:
    """Make or upgrade the tables and return an engine; safe from many processes at once.

    Raises
    ------
    sqlalchemy.exc.OperationalError
        The database cannot be reached.
    """
    DBOS.migrate(url)
    engine = sa.create_engine(_driver(url), pool_size=2, pool_pre_ping=True)
    try:
        _make(engine)
    except DBAPIError:
        _make(engine)  # PostgreSQL: another process made it at the same moment
    return engine


def _make(engine: sa.Engine) -> None:
    with engine.begin() as c:
        for table in _TABLES.sorted_tables:
            c.execute(CreateTable(table, if_not_exists=True))


def _driver(url: str) -> sa.URL:
    """Return the URL with the driver that is installed, as DBOS does by itself."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    return parsed.update_query_dict({"timeout": "30"})
