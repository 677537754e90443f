"""Recurring days as pure calendar arithmetic: weekdays, digits, lunar days, branches, and how they are written."""
