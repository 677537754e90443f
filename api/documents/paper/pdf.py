"""The PDFs an office prints: the wall sheet, a sheet for each door, a card for each person.

Set by typst, an extra: ``pip install 'zhiban[print]'``. Fonts are those of the office where its folder has them
(方正小标宋, 仿宋_GB2312, 黑体), else Noto CJK.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, cast

from api.documents.duty_sheets import days_note
from api.documents.lines import WEEKDAYS, DutyLine, PersonCard, PlaceCard
from api.documents.view import View
from api.documents.wall import (
    WallBlock,
    firms_on_duty,
    hours_note,
    part_words,
    place_blocks,
    served_from_afar,
    shown_names,
    table_lines,
    usual_hours,
    wall_blocks,
)
from api.documents.wall_sheets import signature
from models.issues import InputError
from models.messages import issue
from models.roster import Duty, Visit
from models.slots import PART_ORDER
from models.vocabulary import Part

KINDS = ("wall", "doors", "cards")
"""What is printed, each a file of this name."""
_CHINESE = {"FangSong", "FangSong_GB2312", "SimHei", "Noto Serif CJK SC", "Noto Sans CJK SC"}
_TEMPLATE = Path(__file__).parent / "paper.typ"


def render_pdfs(view: View, fonts: Path | None) -> dict[str, bytes]:
    """Return the PDFs by kind; equal views and fonts give equal bytes.

    Parameters
    ----------
    view
        The plan.
    fonts
        A folder with fonts of the office, beside those of the system.

    Raises
    ------
    InputError
        ``print_needs_typst``: the extra is not installed; ``print_needs_font``: no Chinese font is found.
    """
    try:
        import typst  # late: an extra
    except ImportError:
        raise InputError([issue("print_needs_typst")]) from None
    known = typst.Fonts(font_paths=[str(fonts)] if fonts else [])
    check_fonts(known.families(), fonts)
    data = json.dumps(_document(view), ensure_ascii=False)
    compiler = typst.Compiler(_TEMPLATE, font_paths=known)
    return {
        kind: cast("bytes", compiler.compile(sys_inputs={"kind": kind, "data": data}, timestamp=0))
        for kind in KINDS
    }


def check_fonts(families: Iterable[str], folder: Path | None) -> None:
    """Ensure that one of the fonts of the PDFs has Chinese characters.

    Raises
    ------
    InputError
        ``print_needs_font``: none has.
    """
    if not _CHINESE & set(families):
        raise InputError([issue("print_needs_font", value=str(folder or ""))])


def _document(view: View) -> dict[str, Any]:
    firms = (
        f"{firm}{f'（{phone}）' if phone else ''}：{'、'.join(names)}"
        for firm, phone, names in firms_on_duty(view)
    )
    usual = usual_hours(view)
    return {
        "title": f"{view.title}公共法律服务值班表（{view.month_label}）",
        "month": view.month_label,
        "note": days_note(view),
        "hours": hours_note(view),
        "firms": "；".join(firms),
        "served": served_from_afar(view),
        "signature": signature(view),
        "qr": _qr(view.instance.settings.public_url),
        "blocks": [_block(block, usual) for block in wall_blocks(view)],
        "doors": [
            _door(view, site, list(duties))
            for site, duties in groupby(view.duties, key=lambda duty: duty.site)
        ],
        "cards": list(_cards(view)),
    }


def _qr(address: str | None) -> str:
    """Return a QR code as SVG, empty where there is no address."""
    if not address:
        return ""
    import segno  # late: few offices have an address

    image = io.BytesIO()
    segno.make(address, error="m").save(image, kind="svg", border=1)
    return image.getvalue().decode()


def _block(block: WallBlock, usual: dict[Part, str]) -> dict[str, Any]:
    return {
        "places": [
            {"name": site.name, "phone": site.phone, "columns": width}
            for site, width in block.places
        ],
        "columns": [
            {"post": column.post, "parts": [part_words(*part, usual) for part in column.parts]}
            for column in block.columns
        ],
        "lines": table_lines(block),
        "rows": [
            {
                "date": f"{day.date.day}日",
                "week": WEEKDAYS[day.date.weekday()],
                "names": ["\n".join(c.names.get(day.date, ())) for c in block.columns],
            }
            for day in block.days
        ],
    }


def _door(view: View, site: PlaceCard, duties: list[DutyLine]) -> dict[str, Any]:
    """Return the sheet of a place: a calendar, or a table where it has several posts."""
    usual = usual_hours(view)
    blocks = [_block(block, usual) for block in place_blocks(view, site)]
    is_calendar = len({duty.post for duty in duties}) == 1
    return {
        "name": site.name,
        "phone": site.phone,
        "hours": _when_open(duties) if is_calendar else hours_note(view),
        "days": _calendar(view, duties) if is_calendar else [],
        "blocks": [] if is_calendar else blocks,
    }


def _when_open(duties: list[DutyLine]) -> str:
    return "　".join(dict.fromkeys(duty.when for duty in duties))


def _calendar(view: View, duties: list[DutyLine]) -> list[dict[str, str]]:
    """Return the days of the month from the Monday before its first."""
    texts: dict[int, list[str]] = {}
    for duty in sorted(duties, key=lambda duty: PART_ORDER[duty.part]):
        text = f"{duty.part.label} {'、'.join(shown_names(duty))}"
        texts.setdefault(duty.day.date.day, []).append(text)
    blanks = [{"day": "", "text": ""}] * view.days[0].date.weekday()
    days = [
        {
            "day": f"{day.date.day} {day.note}".strip(),
            "text": "\n".join(texts.get(day.date.day, ())),
        }
        for day in view.days
    ]
    return [*blanks, *days]


def _cards(view: View) -> Iterator[dict[str, Any]]:
    """Yield a card for everybody with a duty or visit, by firm and id; no number is on it."""
    lines = {line.slot: line for line in view.duties if not line.remote_from}
    held: dict[str, dict[str, list[Duty | Visit]]] = {}
    for duty in view.roster.duties:
        what = _duty_words(lines[duty.slot], duty)
        held.setdefault(duty.person, {}).setdefault(what, []).append(duty)
    for visit in view.roster.visits:
        what = f"到{view.target(visit.village)}走访{'、讲座' if visit.lecture else ''}"
        held.setdefault(visit.person, {}).setdefault(what, []).append(visit)
    for card in sorted((view.person(one) for one in held), key=_by_firm):
        rows = [(what, sorted(of, key=lambda x: x.date)) for what, of in held[card.id].items()]
        rows.sort(key=lambda row: row[1][0].date)
        yield {
            "name": card.name,
            "firm": card.firm,
            "rows": [{"what": what, "when": [*map(_when, of)]} for what, of in rows],
            "sum": f"共 {sum(len(of) for _, of in rows)} 项",
        }


def _by_firm(card: PersonCard) -> tuple[str, str]:
    return card.firm, card.id


def _duty_words(line: DutyLine, duty: Duty) -> str:
    standby = "（备班）" if duty.standby else ""
    return f"{line.site.name} {line.post_name}{standby} {line.hours}"


def _when(row: Duty | Visit) -> str:
    own = f" {row.start}起" if isinstance(row, Visit) and row.start else ""
    return f"{row.date.day}日（{WEEKDAYS[row.date.weekday()]}）{row.part.label}{own}"
