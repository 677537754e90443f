"""Rows in words: values as a cell has them, names in place of the ids of other rows."""

from __future__ import annotations

from functools import cache

from models.formats.intake.cells import encode
from models.formats.intake.references import INSTANCE_REFERENCES
from models.formats.intake.tables import CellKind, Column, Table
from models.instance import Instance
from models.rows import Row


@cache
def targets_of(table: str, field: str) -> tuple[str, ...]:
    """Return the tables whose ids a field holds; none for other fields."""
    for reference in INSTANCE_REFERENCES:
        if (reference.table, reference.field) == (table, field):
            return reference.targets
    if (table, field) == ("pins", "target"):
        return ("villages", "sites", "posts")
    return ()


class RowWords:
    """Says rows of an instance."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self._known = {
            "areas": instance.area_by_id,
            "villages": instance.village_by_id,
            "sites": instance.site_by_id,
            "posts": instance.post_by_id,
            "firms": instance.firm_by_id,
            "people": instance.person_by_id,
        }

    def rows(self, table: Table) -> tuple[Row, ...]:
        """Return the rows of a table; the settings are one row."""
        if table.is_settings:
            return (self.instance.settings,)
        rows: tuple[Row, ...] = getattr(self.instance, table.name)
        return rows

    def name(self, table: Table, row: Row) -> str:
        """Return how a row is called: name and id, else all that it says."""
        if "id" in table.by_field:
            return f"{getattr(row, 'name', '')}（{getattr(row, 'id', '')}）"
        said = (self.value(table, c, row) for c in table.columns if _is_said(c, row))
        return "，".join(word for word in said if word)

    def value(self, table: Table, column: Column, row: Row) -> str:
        """Return what a field holds, in words."""
        value = getattr(row, column.field)
        targets = targets_of(table.name, column.field)
        if targets and value is not None:
            ids = value if column.kind is CellKind.LIST else (value,)
            return "；".join(self.named(targets, one) for one in ids)
        found = encode(column, value)
        return "" if found is None else str(found)

    def named(self, targets: tuple[str, ...], key: str) -> str:
        """Return the name of what an id of some tables means, the id where nothing is known of it."""
        for target in targets:
            known = self._known[target].get(key)  # type: ignore[attr-defined]
            if known is not None:
                return self._place(known) if target == "posts" else known.name
        return key

    def _place(self, post: Row) -> str:
        """Return the name of a post, with its site."""
        site = self.instance.site_by_id.get(getattr(post, "site", ""))
        name = getattr(post, "name", "")
        return f"{site.name} {name}" if site else name


def _is_said(column: Column, row: Row) -> bool:
    return bool(getattr(row, column.field) != column.default)
