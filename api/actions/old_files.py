"""The office's own old files become its first workbook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from api.actions.planning import check_new, check_new_workbook
from models.formats.old_files.mapping import read_mapping, write_mapping
from models.formats.old_files.taking_in import OldFiles, read_old_files
from models.formats.write import write_workbook


def taken_in(
    files: Sequence[Path],
    out: Path,
    mapping: Path | None,
    month: str | None = None,
    answers: Sequence[str | None] = (None, None),
) -> tuple[OldFiles, Path]:
    """Read old files into a new workbook; return what was found and where the mapping is kept.

    Parameters
    ----------
    mapping
        Where answers are kept; by default a .toml of the workbook's name beside it.
    answers
        The county and the kind of people without one, where they were asked for.

    Raises
    ------
    InputError
        When something of the workbook's name is there, or with every issue; nothing is written.
    """
    check_new_workbook(out)
    kept = mapping or out.with_suffix(".toml")
    if mapping is None:
        check_new(kept)
    known = read_mapping(kept if kept.exists() else None)
    county, kind = answers
    known = replace(known, county=county or known.county, kind=kind or known.kind)
    found = read_old_files(files, known, month)
    write_workbook(found.instance, out)
    write_mapping(found.mapped, kept)
    return found, kept
