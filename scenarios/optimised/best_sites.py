"""Where to set up the next fixed stations or mobile points, with proof that no others are better."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from pydantic import Field

from models.goals import Goal
from models.instance import Instance
from models.issues import InputError, Issue, Sentence
from models.messages import Spot, issue
from models.places import Village
from scenarios.optimised.answer import Answer, AnswerPart, proven
from scenarios.optimised.candidate_sites import Candidates
from scenarios.optimised.terms import Counted, Form, NewSiteKind
from solver.engine.exchanged import locate
from solver.engine.highs import Effort
from solver.engine.ladder import relative_gap
from solver.engine.location import Located, Location
from solver.modelling.rule import Rule

NAMED = 3
"""People named for a site."""


class BestSite(AnswerPart):
    """One new site."""

    place: str = Field(description="id of the village, or of the township at whose seat it stands")
    name: str
    township: str = Field(description="name of the township")
    villages: tuple[str, ...] = Field(description="ids of the villages that use it")
    gained: tuple[str, ...] = Field(description="those of them that no site served before")
    people: tuple[str, ...] = Field(description="ids of the nearest who may be on duty there")
    able: int = Field(description="how many may be on duty there")


class BestSites(Answer):
    """The best new sites.

    Of the form ``cover``: ``value`` is what is served with them, more than ``bound`` nobody can
    serve. Of the form ``median``: ``value`` is the sum of minutes one way of everybody served, fewer
    than ``bound`` nobody can travel where as many are served.
    """

    form: Form
    kind: NewSiteKind
    counted: Counted
    asked: int = Field(description="new sites at most")
    total: int = Field(description="villages or people in all")
    served_before: int = Field(description="served by the sites that stand")
    served: int = Field(description="served with the new ones")
    minutes_before: float = Field(description="mean minutes one way of those served before")
    minutes: float = Field(description="mean minutes one way of those served")
    value: int
    bound: float
    gap: float
    sites: tuple[BestSite, ...]
    left: tuple[str, ...] = Field(description="ids of villages that no site serves")


def best_sites(
    instance: Instance,
    rules: Iterable[Rule],
    effort: Effort,
    new: int,
    kind: NewSiteKind = NewSiteKind.FIXED,
    form: Form = Form.COVER,
    counted: Counted = Counted.VILLAGES,
) -> BestSites:
    """Return the best sites beside those that stand: at most ``new``, fewer if more gain nothing.

    Parameters
    ----------
    instance
        Places, people and posts.
    rules
        Enabled rules: they say how far the circle reaches, how many villages share a fixed station,
        who may be on duty and how often.
    effort
        Limits of the search; what the sites that stand come to is found beside it.
    new
        Sites to set up at most, from 1.
    kind
        Fixed stations or mobile points.
    form
        Cover most, or travel least.
    counted
        Count villages, or the people who live in them.

    Raises
    ------
    InputError
        When there is no village, ``new`` is below 1, or people are counted and a village does not
        say how many it has.
    """
    issues = list(_issues(instance, new, counted))
    if issues:
        raise InputError(issues)
    candidates = Candidates(instance, rules, kind)
    weight = np.array([_count(village, counted) for village in instance.villages], dtype=np.int64)
    question = candidates.location(weight, form)
    before, after = locate(question, 0, effort), locate(question, new, effort)
    found = _numbers(question, before, after, form)
    sites = tuple(_sites(candidates, before, after))
    out = tuple(v.id for v, site in zip(instance.villages, after.site_of, strict=True) if site < 0)
    asked = {"form": form, "kind": kind, "counted": counted, "asked": new}
    lines = tuple(_lines(candidates, asked, found, sites, after.value(Goal.PRIORITY)))
    return BestSites(**asked, **found, sites=sites, left=out, lines=lines)


def _count(village: Village, counted: Counted) -> int:
    return (village.population or 0) if counted is Counted.PEOPLE else 1


def _numbers(
    question: Location, before: Located, after: Located, form: Form
) -> dict[str, int | float]:
    total = int(question.weight.sum())
    found: dict[str, int | float] = {"total": total}
    for name, plan in ("_before", before), ("", after):
        served = total - plan.value(Goal.COVERAGE)
        found[f"served{name}"] = served
        found[f"minutes{name}"] = round(_minutes(question, plan) / max(1, served), 2)
    if form is Form.MEDIAN:
        found |= {"value": after.value(Goal.TRAVEL), "bound": after.bound(Goal.TRAVEL)}
        found["gap"] = relative_gap(found["value"], found["bound"])
    else:
        found |= {"value": found["served"], "bound": total - after.bound(Goal.COVERAGE)}
        found["gap"] = relative_gap(found["bound"], found["value"])
    return found


def _minutes(question: Location, plan: Located) -> int:
    """Return the minutes of everybody served, one way."""
    reach = question.reach
    chosen = plan.site_of[reach.demand] == reach.site
    return int(question.weight[reach.demand[chosen]] @ reach.minutes[chosen])


def _sites(candidates: Candidates, before: Located, after: Located) -> Iterator[BestSite]:
    villages, areas = candidates.facts.villages, candidates.facts.instance.area_by_id
    for site in after.opened.tolist():
        using = np.flatnonzero(after.site_of == site).tolist()
        able = candidates.people_for(site)
        place, row = candidates.place_of(site), candidates.sites[site]
        yield BestSite(
            place=place.id,
            name=place.name,
            township=areas[row.area].name if row.area in areas else row.area,
            villages=tuple(villages[n].id for n in using),
            gained=tuple(villages[n].id for n in using if before.site_of[n] < 0),
            people=tuple(able[:NAMED]),
            able=len(able),
        )


def _lines(
    candidates: Candidates,
    asked: Mapping[str, Any],
    found: Mapping[str, int | float],
    sites: Iterable[BestSite],
    short: int,
) -> Iterator[Sentence]:
    chosen, kind, counted = tuple(sites), asked["kind"], asked["counted"]
    form, end = asked["form"], proven(found["value"], found["bound"])
    yield Sentence(
        zh=f"最好的 {len(chosen)} 个{kind.label}（至多 {asked['asked']} 个，{form.label}）{end.zh}："
        f"服务{counted.label} {found['served_before']} → {found['served']} / {found['total']}，"
        f"平均单程 {found['minutes_before']:g} → {found['minutes']:g} 分钟",
        en=f"best {len(chosen)} {kind.label_en}(s) (at most {asked['asked']}, {form.label_en}){end.en}: "
        f"{counted.label_en} served {found['served_before']} to {found['served']} of {found['total']}, "
        f"mean way {found['minutes_before']:g} to {found['minutes']:g} min",
    )
    if len(chosen) < asked["asked"]:
        yield Sentence(
            zh="再多设也没有增益，或者没有人可以值班",
            en="more would gain nothing, or nobody could be on duty there",
        )
    known = candidates.facts.instance.person_by_id
    for site in chosen:
        people = [known[person].name for person in site.people]
        yield Sentence(
            zh=f"{site.township} {site.name} {site.place}：{len(site.villages)} 个村居使用，其中新增"
            f" {len(site.gained)} 个；可值班 {site.able} 人，最近的：{'、'.join(people)}",
            en=f"{site.place} {site.name}: used by {len(site.villages)} villages, {len(site.gained)} of "
            f"them served by no site before; {site.able} may be on duty, nearest: {', '.join(people)}",
        )
    if short:
        yield Sentence(
            zh=f"现有岗位本月尚缺 {short} 人次，先补足才轮到新设站点",
            en=f"the posts there are lack {short} turns this month and come before new sites",
        )


def _issues(instance: Instance, new: int, counted: Counted) -> Iterator[Issue]:
    if not instance.villages:
        yield issue("no_villages", Spot("村居"))
    if new < 1:
        yield issue("too_few_sites", value=str(new))
    if counted is Counted.PEOPLE:
        for village in instance.villages:
            if village.population is None:
                yield issue("population_missing", Spot("村居"), village.id, village=village.name)
