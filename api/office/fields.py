"""Fields that several requests have."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

MonthText = Annotated[str, Field(pattern=r"^20\d\d-(0[1-9]|1[0-2])$", description="YYYY-MM")]
