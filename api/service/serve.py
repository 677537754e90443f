"""Runs the service: the web server, and the workers beside it."""

from __future__ import annotations

import gc
import os
import signal
from contextlib import ExitStack

import uvicorn

from api import logs
from api.jobs.crew import start_workers
from api.service.app import create_app
from api.service.protocol import BoundedHttp
from api.settings import ServiceSettings


def serve(settings: ServiceSettings) -> None:
    """Serve until SIGTERM or Ctrl-C; requests under way get ``grace_seconds``, jobs go on later.

    Raises
    ------
    StoreError
        The store cannot be used.
    """
    settings.make_folder()
    logs.begin(settings.log_level)
    os.environ.update(settings.environment())  # what workers read
    app = create_app(settings)
    _search_garbage_seldom()
    for number in (signal.SIGTERM, signal.SIGINT):
        # uvicorn hears it first, then hands it on to whoever listened before
        signal.signal(number, lambda *_: None)
    with ExitStack() as running:
        if settings.workers:
            running.enter_context(start_workers(settings.workers, settings.jobs))
        uvicorn.run(
            app,
            host=settings.host,
            port=settings.port,
            http=BoundedHttp,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,  # the application decides whom to believe
            timeout_graceful_shutdown=max(1, round(settings.grace_seconds)),
        )


def _search_garbage_seldom() -> None:
    """Look for cycles seldom, and never in what was loaded: each full search stops every answer.

    The program itself takes 0.1 s to search; a publication of a city, which makes a hundred
    thousand objects and hardly a cycle, spent a third of its time on it.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def work(settings: ServiceSettings, number: int, name: str | None = None) -> None:
    """Run workers alone until SIGTERM or Ctrl-C, beside a server on this or another machine."""
    settings.make_folder()
    logs.begin(settings.log_level)
    os.environ.update(settings.environment())
    with start_workers(number, settings.jobs, name) as crew:
        crew.wait()
