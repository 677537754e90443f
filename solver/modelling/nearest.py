"""Sparse candidates: the nearest people of each village, and more where these cannot reach all.

Only where people may serve so widely that all pairs would be too many (``DENSE``). The k nearest
alone can leave whole valleys without anybody free (solver notes): a maximum flow from villages to
people within their caps finds the villages that come up short together (Hall 1935), and these are
offered twice as many, until all are reached or everybody is offered.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

from models.arrays import Flags, Ints
from solver.modelling.choices import Choices

DENSE = 4_000_000
"""Pairs up to which everybody is offered: a city or province whose people serve their counties."""

NEAREST = 60
"""People offered to a village at first, where not everybody is."""


def among_nearest(choices: Choices, most: int) -> Flags:
    """Mark the ``most`` nearest people of each demand; ties go to the earlier person."""
    order = np.lexsort((choices.person, choices.minutes, choices.demand))
    demand = choices.demand[order]
    first = np.flatnonzero(np.append(True, demand[1:] != demand[:-1])) if len(demand) else demand
    rank = np.arange(len(demand)) - np.repeat(first, np.diff(np.append(first, len(demand))))
    near: Flags = np.zeros(len(choices), dtype=bool)
    near[order[rank < most]] = True
    return near


def short_together(choices: Choices, most_of_person: Ints, demands: Ints) -> Ints:
    """Return the demands that compete for too few people: no flow serves them all.

    Parameters
    ----------
    choices
        Pairs on offer.
    most_of_person
        Demands that each person may take at most.
    demands
        Numbers of all demands; each asks for one person.
    """
    people, count = len(most_of_person), len(demands)
    at = np.searchsorted(demands, choices.demand)
    source, sink = count + people, count + people + 1
    tail = np.concatenate([np.full(count, source), at, count + np.arange(people)])
    head = np.concatenate([np.arange(count), count + choices.person, np.full(people, sink)])
    room = np.concatenate([np.ones(count + len(choices), dtype=np.int64), most_of_person])
    shape: Any = (sink + 1, sink + 1)
    graph: Any = sparse.csr_array((room.astype(np.int32), (tail, head)), shape)
    flow = maximum_flow(graph, source, sink)
    if flow.flow_value == count:
        return np.zeros(0, dtype=np.int64)
    # what the source still reaches: unserved demands, whom they ask, what these hold instead
    left = graph - flow.flow
    left.data = np.maximum(left.data, 0)
    left.eliminate_zeros()
    reached = breadth_first_order(left, source, return_predecessors=False)
    return np.asarray(demands[np.sort(reached[reached < count])], dtype=np.int64)
