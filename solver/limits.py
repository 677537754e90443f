"""Limits of a solve; light enough for the command line to load at once."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """How long and how to solve: wall seconds for the whole, seed, repeatable or not."""

    seconds: float = 60.0
    seed: int = 1
    deterministic: bool = False


USUAL = Limits()
"""The limits of a solve that names none."""
