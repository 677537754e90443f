"""Scenarios side by side: page and workbook."""
