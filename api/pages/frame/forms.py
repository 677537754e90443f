"""What forms send: read as requests are, with the same issues."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from api.http.request_issues import request_issues
from models.issues import InputError

FormVersion = Annotated[int, Form(ge=0, le=2**31 - 1)]
"""A field of a form: the version or revision that was read."""


def form_error(error: ValidationError, where: str = "body") -> InputError:
    """Return the issues of fields that do not fit, as those of a request; ``where`` they stand."""
    faults = [fault | {"loc": (where, *fault["loc"])} for fault in error.errors()]
    return InputError(request_issues(RequestValidationError(faults)))
