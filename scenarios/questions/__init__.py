"""The bundled questions: runnable ones on the seeds, each a TOML file in this folder."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent


def questions() -> list[Path]:
    """Return the files of the bundled questions, by name."""
    return sorted(FOLDER.glob("*.toml"))


def question_path(given: Path) -> Path:
    """Return the file of a bundled question by name; any other path unchanged."""
    bundled = {path.stem: path for path in questions()}
    return given if given.exists() else bundled.get(str(given), given)
