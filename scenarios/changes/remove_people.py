"""Some people leave."""

from __future__ import annotations

from typing import ClassVar

from models.instance import Instance
from models.issues import Sentence
from models.vocabulary import Strength
from scenarios.changes.dropping import without_people
from scenarios.changes.whom import PeopleChange


class RemovePeople(PeopleChange):
    """The people meant leave; firms that have nobody left close.

    What is known of them goes too: leave, wishes, ledger, pairs, pins also where they were fixed, and
    conflicts of interest, which no longer bind their colleagues.
    """

    zh: ClassVar[str] = "减少人员"
    en: ClassVar[str] = "people leave"

    def sentence(self, instance: Instance) -> Sentence:
        """Say who leaves, how many villages lose their adviser, and which pins go."""
        whom = self.whom(instance)
        gone = {person.id for person in self.meant(instance)}
        villages = sum(village.adviser in gone for village in instance.villages)
        firms = len(instance.firms) - len(self.changed(instance).firms)
        fixed = sum(pin.person in gone and pin.strength is Strength.FIXED for pin in instance.pins)
        zh = f"离开：{whom.zh}"
        en = f"leave: {whom.en}"
        if firms:
            zh, en = f"{zh}，{firms} 家机构不再有人", f"{en}; {firms} firms close"
        zh += f"；{villages} 个村居失去现任法律顾问"
        en += f"; {villages} villages lose their present adviser"
        if fixed:
            zh, en = f"{zh}；{fixed} 条固定安排取消", f"{en}; {fixed} fixed pins are dropped"
        return Sentence(zh, en)

    def changed(self, instance: Instance) -> Instance:
        """Return the instance without them."""
        return without_people(instance, {person.id for person in self.meant(instance)})
