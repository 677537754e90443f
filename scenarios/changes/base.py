"""The base class of Changes: parameters, a sentence in words, and the changed instance."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar

from models.formats.intake.row_drafts import hint
from models.instance import Instance, RuleSetting
from models.issues import InputError, Issue, Sentence
from models.messages import Spot, issue
from models.rows import Row

NAMED = 4
"""Names that a sentence lists before it counts."""


class Change(Row, ABC):
    """One what-if edit of an instance. The module's name is its code everywhere.

    The fields are the parameters. A Change that cannot apply says why in an Issue; one that can
    says in its sentence what it does to this instance, also where that is less than its name promises.
    """

    zh: ClassVar[str]
    """Chinese name."""
    en: ClassVar[str]
    """English name."""

    @property
    def code(self) -> str:
        """The Change's name in question files, reports and the API."""
        return type(self).__module__.rpartition(".")[2]

    def apply(self, instance: Instance) -> Instance:
        """Return the changed instance.

        Raises
        ------
        InputError
            With every Issue that keeps the Change from applying; ``cell`` names the parameter.
        """
        issues = tuple(self.faults(instance))
        if issues:
            raise InputError(issues)
        return self.changed(instance)

    @abstractmethod
    def sentence(self, instance: Instance) -> Sentence:
        """Say what the Change does to ``instance``, to which it can apply."""

    @abstractmethod
    def faults(self, instance: Instance) -> Iterator[Issue]:
        """Yield every reason why the Change cannot apply to ``instance``."""

    @abstractmethod
    def changed(self, instance: Instance) -> Instance:
        """Return the changed instance; there are no faults."""

    def refusal(self, code: str, field: str = "", **words: object) -> Issue:
        """Return the issue ``code``: this Change cannot apply because of ``field``."""
        value = shown(getattr(self, field)) if field in type(self).model_fields else ""
        return issue(code, Spot(self.zh, field), value, **words)

    def unknown(self, field: str, known: Iterable[str], title: str) -> Iterator[Issue]:
        """Yield an Issue for every id in ``field`` that the table ``title`` does not have."""
        ids = set(known)
        value = getattr(self, field)
        for word in (value,) if isinstance(value, str) else value or ():
            if word not in ids:
                words = {"word": word, "title": title, **hint(word, sorted(ids))}
                yield issue("dangling", Spot(self.zh, field), word, **words)


def with_rules(instance: Instance, rule: str, values: dict[str, object]) -> Instance:
    """Return the instance with these fields of a rule set, in place of earlier settings of them."""
    kept = [row for row in instance.rules if row.rule != rule or row.field not in values]
    rows = [
        RuleSetting(rule=rule, field=field, value=shown(value)) for field, value in values.items()
    ]
    return instance.model_copy(update={"rules": (*kept, *rows)})


def shown(value: object) -> str:
    """Return a value as a cell shows it: lists joined, whole numbers without a point."""
    if isinstance(value, tuple | list):
        return ";".join(map(shown, value))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def listed(names: Sequence[str], counted: str, mark: str = "、") -> str:
    """Return the names, or the first few and how many there are: ``甲、乙、丙等 12 人``."""
    if len(names) <= NAMED:
        return mark.join(names)
    return f"{mark.join(names[: NAMED - 1])}{counted.format(len(names))}"


def areas_within(instance: Instance, areas: Iterable[str]) -> frozenset[str]:
    """Return the ids of these areas and of all that lie inside them."""
    wanted = set(areas)
    return frozenset(a.id for a in instance.areas if wanted & set(instance.ancestors(a.id)))
