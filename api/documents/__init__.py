"""The results an office receives: roster workbook, map page, calendars, JSON, written together."""

from __future__ import annotations

from api.documents.result_files import write_results

__all__ = ["write_results"]
