"""Fields that several requests have."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from models.rows import printable

MonthText = Annotated[str, Field(pattern=r"^20\d\d-(0[1-9]|1[0-2])$", description="YYYY-MM")]

Why = Annotated[str, Field(max_length=400), AfterValidator(printable)]
"""Why something is done, on one line; the log keeps it."""
