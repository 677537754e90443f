"""The ways in and out of files: workbook, CSV folder, JSON; all three carry the same tables."""
