"""A lower bound on the newcomers needed: identical villages and people are counted, not named.

Villages are alike when the same people and newcomers may have them, people when they may have the
same villages. Counted, a county has hundreds of columns in place of ten thousands of pairs, and
it is proven in a moment that newcomers are whole: two valleys that lack 11 and 29 villages need
3 + 6, though 8 x 5 would do for 40. Rows beside the cap are left out, so the answer is a bound.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from models.arrays import Flags, Ints
from solver.answers.newcomers import Newcomers
from solver.engine.highs import WHOLE, Effort, branch
from solver.engine.matrix import NO_BOUND, Fillers, Matrix
from solver.modelling.choices import Choices


def least_newcomers(
    present: Choices, hired: Newcomers, limits: Ints, needed: Flags, effort: Effort
) -> tuple[int, Ints | None]:
    """Return how many newcomers it takes at least to cover all ``needed`` villages, and of which kinds.

    The number is a proven bound; the kinds (None: not found in time) are as many, and enough where
    nothing but the cap binds.

    Formula: minimise sum_a n[a] over f (how many villages of class v people of class p have) and g
    (how many newcomers of kind a have), with sum_p f[p,v] + sum_a g[a,v] >= |v|,
    sum_v f[p,v] <= the limits of p together, sum_v g[a,v] <= most[a]·n[a], g[a,v] <= |v|·n[a].

    Parameters
    ----------
    present
        Pairs of the list.
    hired
        Kinds of newcomers and their pairs.
    limits
        The most villages of each person, by the person's number.
    needed
        One flag a village; every one of them somebody may have.
    effort
        Limits of the question.
    """
    may_have = _may_have(present, hired, len(limits), needed)
    village = alike(may_have.T.tocsr())
    size = np.bincount(village)
    may_have = may_have[:, np.unique(village, return_index=True)[1]]
    helper = alike(may_have[: len(limits)])
    room = np.bincount(helper, weights=limits).astype(np.int64)
    people = may_have[np.unique(helper, return_index=True)[1]].tocoo()
    kinds = may_have[len(limits) :].tocoo()
    matrix = _counted(people, kinds, room, hired.most, size)
    first = people.nnz + kinds.nnz
    price = np.zeros(len(matrix.upper), dtype=np.int64)
    price[first:] = 1
    answer = branch(matrix, price, effort)
    bound = int(np.ceil(max(0.0, answer.bound) - WHOLE))
    return bound, None if answer.values is None else answer.values[first:]


def _may_have(present: Choices, hired: Newcomers, people: int, needed: Flags) -> sparse.csr_array:
    """Return who (people, then kinds of newcomers) may have which needed village."""
    who: Ints = np.concatenate([present.person, hired.kind + people])
    whom: Ints = np.concatenate([present.demand, hired.demand])
    asked = needed[whom]
    ones, shape = np.ones(int(asked.sum())), (people + len(hired.most), len(needed))
    table = sparse.csr_array((ones, (who[asked], whom[asked])), shape=shape)
    return table[:, np.flatnonzero(needed)]


def alike(table: sparse.csr_array) -> Ints:
    """Return the class of each row, counted from 0: rows with entries in the same columns share one."""
    table.sort_indices()
    known: dict[bytes, int] = {}
    spans = zip(table.indptr[:-1], table.indptr[1:], strict=True)
    keys = (table.indices[first:end].tobytes() for first, end in spans)
    return np.array([known.setdefault(key, len(known)) for key in keys], dtype=np.int64)


def _counted(
    people: sparse.coo_array, kinds: sparse.coo_array, room: Ints, most: Ints, size: Ints
) -> Matrix:
    """Return the programme; its columns are f, g and n in this order."""
    g, n = kinds.nnz, len(most)
    of_kind = sparse.csr_array((np.ones(g), (np.arange(g), kinds.row)), shape=(g, n))
    blocks: list[list[Any]] = [
        [_sums(people.col, len(size)), _sums(kinds.col, len(size)), None],
        [_sums(people.row, len(room)), None, sparse.csr_array((len(room), n))],
        [None, of_kind.T, -sparse.diags_array(most.astype(np.float64))],
        [None, sparse.eye_array(g), -of_kind.multiply(size[kinds.col][:, None])],
    ]
    free = n + g
    upper = np.concatenate([size[people.col], size[kinds.col], np.full(n, int(size.sum()))])
    return Matrix(
        sparse.csr_array(sparse.block_array(blocks, format="csr")),
        np.concatenate([size, np.full(len(room) + free, -NO_BOUND)]),
        np.concatenate([np.full(len(size), NO_BOUND), room, np.zeros(free, np.int64)]),
        np.zeros_like(upper),
        upper,
        Fillers.none(),
    )


def _sums(row: npt.NDArray[np.integer[Any]], rows: int) -> sparse.csr_array:
    return sparse.csr_array((np.ones(len(row)), (row, np.arange(len(row)))), shape=(rows, len(row)))
