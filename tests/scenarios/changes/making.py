"""Changes made by their code, as a question file makes them, and applied with every check."""

from __future__ import annotations

from typing import Any

import pytest

from models.formats.read import rebuilt
from models.instance import Instance
from models.issues import InputError, Issue
from scenarios.changes import change_types
from scenarios.changes.base import Change


def change(code: str, **fields: Any) -> Change:
    """Return the Change ``code`` with these parameters, written as in a question file."""
    return change_types()[code].model_validate(fields)


def applied(instance: Instance, code: str, **fields: Any) -> Instance:
    """Return the instance changed; it passes every check of an upload."""
    changed = change(code, **fields).apply(instance)
    assert rebuilt(changed).content_hash == changed.content_hash
    return changed


def refused(instance: Instance, code: str, **fields: Any) -> dict[str, Issue]:
    """Return the issues of a Change that cannot apply, by the parameter that they name."""
    with pytest.raises(InputError) as caught:
        change(code, **fields).apply(instance)
    issues = {found.cell: found for found in caught.value.issues}
    assert len(issues) == len(caught.value.issues)
    return issues


def why(instance: Instance, code: str, **fields: Any) -> dict[str, str]:
    """Return the codes of those issues, by the parameter that they name."""
    return {cell: found.code for cell, found in refused(instance, code, **fields).items()}


def said(instance: Instance, code: str, **fields: Any) -> str:
    """Return the Chinese sentence of a Change."""
    return change(code, **fields).sentence(instance).zh
