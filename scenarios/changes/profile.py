"""The rule profile of another place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from pydantic import Field

from models.instance import Instance
from models.issues import InputError, Issue, Sentence
from models.rows import Id
from scenarios.changes.base import Change, listed
from scenarios.changes.numbers import rules_by_code
from solver.profiles import load_rules


class ProfileChange(Change):
    """The plan keeps the rules of another profile; what the office set itself stays on top of it."""

    zh: ClassVar[str] = "规则方案"
    en: ClassVar[str] = "rule profile"

    name: Id = Field(title="规则方案", examples=["suzhou"])

    def faults(self, instance: Instance) -> Iterator[Issue]:
        """Unknown profile, or settings of the office that do not fit it."""
        try:
            load_rules(self.name, instance.rules)
        except InputError as error:
            yield from error.issues

    def sentence(self, instance: Instance) -> Sentence:
        """Say both profiles, which rules differ between them, and what stays on top."""
        before, after = rules_by_code(instance), rules_by_code(self.changed(instance))
        codes = sorted(before.keys() | after.keys())
        other = [code for code in codes if before.get(code) != after.get(code)]
        zh = f"规则方案 {instance.settings.profile}→{self.name}"
        en = f"profile {instance.settings.profile}→{self.name}"
        names = [(after.get(code) or before[code]).zh for code in other]
        zh += f"，{len(other)} 条规则不同：{listed(names, '等')}" if other else "，规则相同"
        en += (
            f"; {len(other)} rules differ: {listed(other, ' …', ', ')}" if other else "; same rules"
        )
        if instance.rules:
            zh += f"；本地 {len(instance.rules)} 项规则调整仍有效"
            en += f"; {len(instance.rules)} settings of the office still hold"
        return Sentence(zh, en)

    def changed(self, instance: Instance) -> Instance:
        """Return the instance with the profile."""
        settings = instance.settings.model_copy(update={"profile": self.name})
        return instance.model_copy(update={"settings": settings})
