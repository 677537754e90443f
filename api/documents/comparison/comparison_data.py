"""What comparison.html shows, as plain JSON: every name, place and sentence once, rows by number."""

from __future__ import annotations

import math
import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from api.documents.comparison.comparison_places import ComparedPlaces
from api.documents.comparison.comparison_words import (
    STAGES,
    figure_words,
    goal_words,
    verdict_words,
)
from api.documents.labels import source_label
from api.documents.map_geometry import count_sources, rings
from models.instance import Instance
from models.report import UnmetKind
from scenarios.compare.result import Compared, Comparison, Load, PersonRow, UnmetRow
from scenarios.compare.verdicts import ROUNDING

_PLAIN = ("name", "name_en", "seed", "is_base")
_RISKY = set('"$`\\!%')
"""Characters that are not plain within double quotes of a shell."""


def comparison_data(
    comparison: Comparison,
    instances: Mapping[str, Instance],
    background: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the data of the page.

    Parameters
    ----------
    comparison
        The document.
    instances
        What was solved, by the ``run`` of its scenario.
    background
        GeoJSON with schematic cells, in degrees WGS84.
    """
    return _ComparisonTables(comparison, instances).data(background)


@dataclass
class _ComparisonTables:
    """Numbers places, people and sentences while the rows are made."""

    comparison: Comparison
    instances: Mapping[str, Instance]
    people: dict[str, int] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    texts: dict[tuple[str, str], int] = field(default_factory=dict)

    def data(self, background: dict[str, Any] | None) -> dict[str, Any]:
        rows = self.comparison.scenarios
        self.places = ComparedPlaces(self.instances[row.run] for row in rows)
        self.bases = {row.seed: row for row in rows if row.is_base}
        letters = _letters(row.name for row in rows if not row.is_base)
        found = [self.row(row, "" if row.is_base else letters[row.name]) for row in rows]
        return {
            "meta": self.meta(),
            "notes": [[note.zh, note.en] for note in self.comparison.notes],
            "goals": goal_words(),
            "verdicts": verdict_words(),
            "kinds": [[kind.label, kind.value] for kind in UnmetKind],
            "figures": figure_words(self.figures()),
            "rows": found,
            "spreads": [
                {"row": letters.get(s.name, ""), **s.model_dump(exclude={"name"})}
                for s in self.comparison.spreads
            ],
            "people": list(self.told()),
            "texts": list(self.texts),
            **self.places.tables(),
            "background": list(rings(background, self.places.plane, self.places.points)),
            "attribution": (background or {}).get("attribution", ""),
        }

    def meta(self) -> dict[str, Any]:
        """Return question, origin and notices."""
        found = self.comparison
        stage = STAGES[found.stage]
        base = next((self.instances[row.run] for row in self.bases.values()), None)
        return {
            "question": found.question,
            "questionEn": found.question_en,
            "plan": found.plan,
            "month": found.month,
            "stage": [stage.zh, stage.en],
            "deterministic": found.deterministic,
            "missing": list(dict.fromkeys(found.missing)),
            "notice": base.settings.notice if base else "",
            "sources": [[source_label(s), n] for s, n in count_sources(base)] if base else [],
        }

    def figures(self) -> set[str]:
        """Return the names of all figures there are."""
        found = {spread.figure for spread in self.comparison.spreads} | {"cost"}
        for row in self.comparison.scenarios:
            found |= {*row.kpis, *(f"asked:{name}" for name in row.asked)}
        return found

    def row(self, row: Compared, letter: str) -> dict[str, Any]:
        """Return one scenario with one seed."""
        stage, _, goal = row.decided_by.partition(" ")
        base = self.bases.get(row.seed, row)
        return {
            "letter": letter,
            **row.model_dump(
                include={*_PLAIN, "status", "rank", "verdict", "beaten_by"}, mode="json"
            ),
            "decided": [stage, goal] if goal else None,
            "sentences": [[said.zh, said.en] for said in row.sentences],
            "issues": [[i.zh, i.en, i.mend_zh, i.mend_en] for i in row.issues],
            "goals": [
                [g.stage, g.name, _least(g.value, g.bound), g.value, g.verdict] for g in row.goals
            ],
            "rules": [[r.zh, r.rule, r.amount, r.base_amount, r.is_other] for r in row.rules],
            "asked": row.asked,
            "kpis": row.kpis,
            "townships": [[self.places.town(t.area, t.name), *_town(t)] for t in row.townships],
            "people": [] if row.is_base else [self.load(person) for person in row.people],
            "advisers": [
                [
                    self.places.villages[a.village],
                    self.person(a.before, a.before_name),
                    self.person(a.after, a.after_name),
                    a.has_left,
                ]
                for a in row.advisers
            ],
            "unmet": [self.unmet(u, row.run, base.run) for u in (*row.unmet, *row.now_met)],
            "money": row.money and row.money.model_dump(exclude={"uncounted"}),
            "uncounted": [[w.zh, w.en] for w in row.money.uncounted] if row.money else [],
            "sites": self.places.moved(self.instances[row.run], self.instances[base.run]),
            "promote": None if row.rank is None else self.command(row),
        }

    def person(self, who: str, name: str) -> int | None:
        """Return the number of a person in the page, None for nobody."""
        if not who:
            return None
        if who not in self.people:
            self.people[who] = len(self.names)
            self.names.append(name)
        return self.people[who]

    def told(self) -> Iterator[str]:
        """Yield the names; who shares a name has the number of the list beside it."""
        shared = Counter(self.names)
        for who, name in zip(self.people, self.names, strict=True):
            yield f"{name}（{who}）" if shared[name] > 1 else name

    def load(self, row: PersonRow) -> list[Any]:
        """Return a person with the numbers of the base and of the scenario."""
        return [self.person(row.person, row.name), _numbers(row.base), _numbers(row.load)]

    def text(self, zh: str, en: str) -> int:
        """Return the number of a sentence in the page."""
        return self.texts.setdefault((zh, en), len(self.texts))

    def unmet(self, row: UnmetRow, run: str, base: str) -> list[Any]:
        """Return one demand: kind, place, when, missing, missing in the base, sentence, reasons."""
        instance = self.instances[run if row.missing else base]
        when = f"{row.date} {row.part.label}" if row.date and row.part else str(row.date or "")
        place = self.places.of_demand(row.target, instance)
        reasons = [self.text(reason.zh, reason.en) for reason in row.reasons]
        numbers = row.missing, row.base_missing
        kind = list(UnmetKind).index(row.kind)
        return [kind, place, when, *numbers, self.text(row.zh, row.en), reasons]

    def command(self, row: Compared) -> str:
        """Return the command that takes this scenario, for the folder the page lies in."""
        name = shlex.quote(row.name) if _RISKY & set(row.name) else f'"{row.name}"'
        seed = f" --seed {row.seed}" if len(self.bases) > 1 else ""
        return f"zhiban promote . {name}{seed} --out plan"


def _letters(names: Iterable[str]) -> dict[str, str]:
    """Return A, B, C … for the scenarios in their order; after Z comes A2."""
    found: dict[str, str] = {}
    for name in names:
        turn, place = divmod(len(found), 26)
        found.setdefault(name, chr(ord("A") + place) + (str(turn + 1) if turn else ""))
    return found


def _least(value: int, bound: float) -> int:
    """Return what is proven of a goal: its values are whole numbers."""
    return min(value, math.ceil(bound - ROUNDING))


def _numbers(load: Load | None) -> list[float] | None:
    return None if load is None else list(load.model_dump().values())


def _town(row: Any) -> Iterator[float | None]:
    yield from row.model_dump(exclude={"area", "name"}).values()
