"""Writes the answers to planning questions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from api.actions.planning import check_apart, check_folder

if TYPE_CHECKING:
    from scenarios.optimised.answer import Answer


def check_place(file: Path, question: str, out: Path | None) -> None:
    """Ensure before a long search that the answer can be written without overwriting the input.

    Raises
    ------
    InputError
        When the input lies in ``out`` under the name of the answer.
    OSError
        ``out`` is no folder, or may not be written.
    """
    if out is not None:
        check_folder(out)
        check_apart(file, out, frozenset(_names(question)))


def lines_of(answer: Answer) -> str:
    """Return an answer in words, Chinese first."""
    return "\n".join(f"{line.zh}    {line.en}" for line in answer.lines)


def write_answer(answer: Answer, question: str, out: Path) -> list[Path]:
    """Write an answer for programs and for people into ``out``; return the files."""
    from models.formats.containers.whole_files import write_text

    document, words = (out / name for name in _names(question))
    write_text(document, answer.model_dump_json(indent=2) + "\n")
    write_text(words, lines_of(answer) + "\n")
    return [document, words]


def _names(question: str) -> tuple[str, str]:
    return f"{question}.json", f"{question}.txt"
