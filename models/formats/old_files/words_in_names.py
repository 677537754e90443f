"""What names say by themselves: kinds of firms and places, townships, several people in a cell."""

from __future__ import annotations

import re

from models.vocabulary import FirmKind, PersonKind, SiteKind

TOWN = re.compile(r"^[一-鿿]{1,8}(镇|乡|街道)$")
_TOWN_TAIL = re.compile(r"(街道|镇|乡)$")
_PLACED_VILLAGE = re.compile(r"^(.{1,8}?(?:镇|乡|街道))(.{2,})$")
_PERSON = re.compile(r"^([^\d（(]+?)\s*(?:[（(]([^）)]*)[）)])?\s*(1?[\d-]{7,})?$")
_NOBODY = {"-", "—", "——", "无", "休", "休息", "×"}
_SEVERAL = re.compile(r"[、,，;；/\n]+")
_FIRMS: tuple[tuple[str, FirmKind, PersonKind | None], ...] = (
    ("律师事务所|律所", FirmKind.LAW_FIRM, PersonKind.LAWYER),
    ("法律服务所", FirmKind.GRASSROOTS_OFFICE, PersonKind.GRASSROOTS),
    ("公证", FirmKind.OTHER, PersonKind.NOTARY),
    ("鉴定", FirmKind.OTHER, PersonKind.FORENSIC),
    ("调解|调委会", FirmKind.OTHER, PersonKind.MEDIATOR),
    ("司法局|司法所", FirmKind.OTHER, PersonKind.OFFICER),
)
_SITES = (
    ("热线|12348", SiteKind.HOTLINE),
    ("法院|法庭", SiteKind.COURT),
    ("检察", SiteKind.PROCURATORATE),
    ("看守所|拘留所", SiteKind.DETENTION),
    ("信访|综治", SiteKind.PETITION),
    ("派出所|公安", SiteKind.POLICE),
    ("室$", SiteKind.WORKROOM),
    ("中心|大厅", SiteKind.CENTRE),
)


def split_names(text: str) -> list[str]:
    """Return the names of one cell; blanks part them only where each is whole."""
    names = [name.strip() for name in _SEVERAL.split(text) if name.strip()]
    parts = [part for name in names for part in name.split()]
    names = parts if all(len(part) > 1 and not part[0].isdigit() for part in parts) else names
    return [name for name in names if name not in _NOBODY]


def kind_by_firm(firm: str) -> PersonKind | None:
    """Return the kind of people that a firm's name implies."""
    return next((kind for word, _, kind in _FIRMS if re.search(word, firm)), None)


def firm_kind(name: str) -> FirmKind:
    """Return the kind of a firm by its name."""
    return next((kind for word, kind, _ in _FIRMS if re.search(word, name)), FirmKind.OTHER)


def site_kind(name: str) -> SiteKind:
    """Return the kind of a place by its name: a station unless it says otherwise."""
    return next((kind for word, kind in _SITES if re.search(word, name)), SiteKind.STATION)


def parts_of_person(text: str) -> tuple[str, str | None, str | None]:
    """Return name, firm and number of 张三（某某所）13800000000."""
    match = _PERSON.match(text.strip())
    name, firm, number = match.groups() if match else (text, None, None)
    return str(name).strip(), firm, number


def placed_village(text: str) -> tuple[str, str]:
    """Return the township written before a village, empty if none is, and the village."""
    match = _PLACED_VILLAGE.match(text)
    return (match[1], match[2]) if match else ("", text)


def town_root(name: str) -> str:
    """Return a township's name without what it is."""
    return _TOWN_TAIL.sub("", name)
