"""Kills at seeded random moments, close to the action under way so that it is hit."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Sequence

from benchmarks.faults.service import Victim


class Saboteur:
    """Kills what one office needs.

    Parameters
    ----------
    kill
        Kills a victim and says whether there was something to kill.
    victims
        Whom to choose from.
    seed
        The same seed makes the same choices.
    chance
        Of a kill at each thing that an office does; a round has four or more.
    """

    def __init__(
        self,
        kill: Callable[[Victim], bool],
        victims: Sequence[Victim],
        seed: str,
        chance: float,
    ) -> None:
        self.killed: Counter[Victim] = Counter()
        self._kill = kill
        self._victims = victims
        self._draw = random.Random(seed)
        self._chance = chance
        self._timers: list[threading.Timer] = []

    def threaten(self, seconds: float) -> None:
        """Perhaps kill within the next ``seconds``, while the caller goes on."""
        is_meant, delay = self._draw.random() < self._chance, self._draw.uniform(0, seconds)
        # always drawn, so that skipped kills do not shift later draws
        victim = self._draw.choice(self._victims)
        if is_meant:
            timer = threading.Timer(delay, self._strike, (victim,))
            timer.start()
            self._timers.append(timer)

    def rest(self) -> None:
        """Return when nothing more will be killed."""
        for timer in self._timers:
            timer.join()

    def _strike(self, victim: Victim) -> None:
        self.killed[victim] += self._kill(victim)
