"""A real dask cluster on this machine: the same plan, also when a worker is killed half way."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from models.issues import InputError
from solver.engine import crews
from solver.engine.crews import ClusterCrew
from tests.solver.engine.test_parts import stage, three_counties, values_of

distributed = pytest.importorskip("distributed")

pytestmark = pytest.mark.filterwarnings("ignore")  # dask warns of what a killed worker leaves


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
    ) as running:
        yield running


@pytest.mark.slow
def test_plan_does_not_depend_on_the_death_of_a_worker(cluster: Any) -> None:
    local = stage(three_counties(), deterministic=True, cut=0)
    local.climb()
    with distributed.Client(cluster) as client:
        victims = list(client.run(os.getpid).values())

    def kill(step: object) -> None:
        if victims:
            os.kill(victims.pop(), signal.SIGKILL)
            victims.clear()

    address = cluster.scheduler_address
    remote = stage(three_counties(), on_progress=kill, deterministic=True, cut=0, cluster=address)
    remote.climb()
    assert victims == []
    assert remote.values.tolist() == local.values.tolist()
    assert values_of(remote) == values_of(local)


def test_address_where_nobody_answers_is_an_issue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crews, "WAIT_SECONDS", 1)
    with pytest.raises(InputError) as caught:
        ClusterCrew("tcp://127.0.0.1:9")
    (issue,) = caught.value.issues
    assert (issue.code, issue.cell, issue.value) == (
        "no_cluster",
        "--cluster",
        "tcp://127.0.0.1:9",
    )


def test_missing_dask_is_an_issue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError) as caught:
        ClusterCrew("tcp://127.0.0.1:9")
    assert [issue.code for issue in caught.value.issues] == ["no_dask"]
