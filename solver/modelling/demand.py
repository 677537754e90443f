"""Rules that ask for service, and how much of it a plan leaves unmet."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from models.report import Overbooked, Unmet, UnmetKind
from solver.modelling.choices import Block
from solver.modelling.rule import Rule

if TYPE_CHECKING:
    from models.places import Village
    from models.slots import Slot
    from solver.modelling.reading import Reading


@dataclass(frozen=True)
class Lack:
    """An unmet demand without the reasons of its candidates, and whom to ask for them.

    ``demand`` is the number in the block, None where nobody is to be asked: the visit is made,
    only no lecture held on it. ``fitting`` are the numbers of the people the rule can use, None
    where it takes anybody.
    """

    unmet: Unmet
    block: Block
    demand: int | None
    standby: bool = False
    fitting: frozenset[int] | None = None


class DemandRule(Rule):
    """A rule that asks for service. It is never hard: whatever is missing is listed as unmet."""

    may_be_hard: ClassVar[bool] = False
    unfit_zh: ClassVar[str] = ""
    """Why the rule cannot use a person who is not among the ``fitting``, after "n 人"."""
    unfit_en: ClassVar[str] = ""
    """Why the rule cannot use a person who is not among the ``fitting``, after "n people"."""

    @abstractmethod
    def lacking(self, plan: Reading) -> Iterator[Lack]:
        """Yield all that the rule asks for and ``plan`` does not give."""

    def overbooked(self, plan: Reading) -> Iterator[Overbooked]:
        """Yield every seat or slot to which ``plan`` gives more people than the rule asks for."""
        return iter(())


def missing_on(
    slot: Slot, kind: UnmetKind, missing: int, of_zh: str = "", of_en: str = ""
) -> Unmet:
    """Return the demand of a slot that lacks people, ``of`` a kind where the rule asks for one."""
    what = f"{slot.site.name} {slot.post.name}"
    lack = f"缺{of_zh} {missing} 人" if of_zh else f"缺 {missing} 人{kind.label}"
    return Unmet(
        kind=kind,
        target=slot.post.id,
        date=slot.date,
        part=slot.part,
        missing=missing,
        zh=f"{slot.date} {slot.part.label} {what}{lack}",
        en=f"{slot.date} {slot.part.value} {what}: {missing} {of_en or kind.value} missing",
    )


def too_many_on(
    slot: Slot, kind: UnmetKind, people: Sequence[str], wanted: int, plan: Reading
) -> Iterator[Overbooked]:
    """Yield the slot if more ``people`` than ``wanted`` are on it: those listed last are too many."""
    what = f"{slot.site.name} {slot.post.name}"
    told = f"{slot.date} {slot.part.label} {what}", f"{slot.date} {slot.part.value} {what}"
    for found in too_many(kind, slot.post.id, told, people, wanted, plan):
        yield found.model_copy(update={"date": slot.date, "part": slot.part})


def too_many(
    kind: UnmetKind,
    target: str,
    told: tuple[str, str],
    people: Sequence[str],
    wanted: int,
    plan: Reading,
) -> Iterator[Overbooked]:
    """Yield what holds more ``people`` than ``wanted``; ``told`` names it in both languages."""
    surplus = tuple(people[wanted:])
    if not surplus:
        return
    known = plan.facts.instance.person_by_id
    names = [known[person].name if person in known else person for person in surplus]
    zh, en = told
    count = len(people)
    yield Overbooked(
        kind=kind,
        target=target,
        surplus=surplus,
        zh=f"{zh}：{kind.label}只需 {wanted} 人，排了 {count} 人，多出：{'、'.join(names)}",
        en=f"{en}: {count} {kind.value} where {wanted} asked, too many: {', '.join(names)}",
    )


def no_adviser(village: Village, number: int) -> Lack:
    """Return the demand of a village, by its number, that has no adviser."""
    unmet = Unmet(
        kind=UnmetKind.ADVISER,
        target=village.id,
        zh=f"{village.name}没有法律顾问",
        en=f"{village.name} has no adviser",
    )
    return Lack(unmet, Block.ADVISERS, number)


def no_visit(village: Village, number: int, missing: int) -> Lack:
    """Return the demand of a village, by its number, that lacks visits."""
    unmet = Unmet(
        kind=UnmetKind.VISIT,
        target=village.id,
        missing=missing,
        zh=f"{village.name}本月应走访 {missing} 次，未能安排",
        en=f"{village.name}: {missing} visit(s) missing",
    )
    return Lack(unmet, Block.VISITS, number)
