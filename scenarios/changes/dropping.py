"""People and sites taken out of an instance, with every row that names them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from models.instance import Instance
from models.people import LedgerEntry, Pin
from models.roster import slot_id
from models.slots import expand
from models.vocabulary import PinKind

_OF_PEOPLE = ("leave", "wishes", "limits", "conflicts", "pins", "held_around", "ledger", "pairs")
"""Tables whose rows are about one person."""
_TO_POSTS = (PinKind.DUTY, PinKind.STANDBY)


def without_people(instance: Instance, people: Collection[str]) -> Instance:
    """Return the instance without these people; firms that have nobody left go with them.

    Leave, wishes, conflicts, pins, ledger and pairs of theirs go too, villages they advise have no
    present adviser, and no post names them as fixed people.
    """
    gone = frozenset(people)
    firms = {p.firm for p in instance.people if p.id in gone}
    firms -= {p.firm for p in instance.people if p.id not in gone}
    update: dict[str, object] = {
        "people": tuple(p for p in instance.people if p.id not in gone),
        "firms": tuple(firm for firm in instance.firms if firm.id not in firms),
        "villages": tuple(
            v.model_copy(update={"adviser": None}) if v.adviser in gone else v
            for v in instance.villages
        ),
        "posts": tuple(
            post.model_copy(
                update={"fixed_people": tuple(p for p in post.fixed_people if p not in gone)}
            )
            for post in instance.posts
        ),
    }
    for table in _OF_PEOPLE:
        rows = getattr(instance, table)
        update[table] = tuple(row for row in rows if row.person not in gone)
    return instance.model_copy(update=update)


def without_sites(instance: Instance, sites: Collection[str]) -> Instance:
    """Return the instance without these sites and their posts.

    Wishes, conflicts, pins and pairs about them go too; turns served there stay on the ledger
    without the site, since they were served.
    """
    gone = frozenset(sites)
    posts = frozenset(post.id for post in instance.posts if post.site in gone)
    kept = without_posts(instance, posts)
    update: dict[str, object] = {
        "sites": tuple(site for site in kept.sites if site.id not in gone),
        "posts": tuple(
            p.model_copy(update={"serves": tuple(s for s in p.serves if s not in gone)})
            for p in kept.posts
        ),
        "wishes": tuple(wish for wish in kept.wishes if wish.site not in gone),
        "conflicts": tuple(
            row.model_copy(update={"site": None}) if row.site in gone else row
            for row in kept.conflicts
            if row.site not in gone or row.village
        ),
        "pins": tuple(pin for pin in kept.pins if not _is_seat_at(pin, gone)),
        "pairs": tuple(pair for pair in kept.pairs if pair.place not in gone),
        "ledger": _served_anyway(kept.ledger, gone),
    }
    return kept.model_copy(update=update)


def without_posts(instance: Instance, posts: Collection[str]) -> Instance:
    """Return the instance without these posts and the rows that name them."""
    gone = frozenset(posts)
    update = {
        "posts": tuple(post for post in instance.posts if post.id not in gone),
        "pins": tuple(
            pin for pin in instance.pins if pin.kind not in _TO_POSTS or pin.target not in gone
        ),
        "wishes": tuple(wish for wish in instance.wishes if wish.post not in gone),
        "limits": tuple(limit for limit in instance.limits if limit.post not in gone),
        "successions": tuple(
            row for row in instance.successions if not {row.post, row.next_post} & gone
        ),
    }
    return instance.model_copy(update=update)


def without_lost_pins(instance: Instance) -> Instance:
    """Return the instance without the pins of its month to slots that its posts no longer have."""
    month = instance.settings.month
    slots = {slot.id for slot in expand(instance, month)}

    def is_lost(pin: Pin) -> bool:
        if pin.kind not in _TO_POSTS:
            return False
        if pin.target is None or pin.date is None or pin.part is None:
            return False
        is_dated = f"{pin.date:%Y-%m}" == month
        return is_dated and slot_id(pin.target, pin.date, pin.part) not in slots

    pins = tuple(pin for pin in instance.pins if not is_lost(pin))
    return instance.model_copy(update={"pins": pins})


def _is_seat_at(pin: Pin, sites: frozenset[str]) -> bool:
    return pin.kind is PinKind.MEDIATOR and pin.target in sites


def _served_anyway(
    ledger: tuple[LedgerEntry, ...], sites: frozenset[str]
) -> tuple[LedgerEntry, ...]:
    """Return the ledger without these sites, turns that now say the same added up."""
    turns: Counter[LedgerEntry] = Counter()
    for row in ledger:
        site = None if row.site in sites else row.site
        turns[row.model_copy(update={"site": site, "turns": 0})] += row.turns
    return tuple(row.model_copy(update={"turns": count}) for row, count in turns.items())
