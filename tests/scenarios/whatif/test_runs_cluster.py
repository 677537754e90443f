"""A real dask cluster on this machine answers a question, also when a worker is killed half way."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scenarios.whatif.runs import RunState, RunStep, Shelf, Workers, carry_out
from tests.factories import tiny_instance
from tests.scenarios.asking import answered, prepared

distributed = pytest.importorskip("distributed")

pytestmark = pytest.mark.filterwarnings("ignore")  # dask warns of what a killed worker leaves

CAPS = """[[scenario]]
name = "上限 {cap}"
grid = { cap = [1, 2, 3] }
[[scenario.change]]
do = "cap"
most = "{cap}"
"""


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
    ) as running:
        yield running


def test_answers_do_not_depend_on_the_death_of_a_worker(cluster: Any, tmp_path: Path) -> None:
    runs = prepared(tiny_instance(), CAPS, 'stage = "advisers"')[2]
    with distributed.Client(cluster) as client:
        victims = list(client.run(os.getpid).values())

    def kill(step: RunStep) -> None:
        if step.state is RunState.SOLVED and victims:
            os.kill(victims.pop(), signal.SIGKILL)
            victims.clear()

    workers = Workers(cluster=cluster.scheduler_address)
    found = carry_out(runs, Shelf(tmp_path), workers, kill)
    assert victims == []
    local = answered(runs)
    assert {key: answer.roster for key, answer in found.items()} == {
        key: answer.roster for key, answer in local.items()
    }
