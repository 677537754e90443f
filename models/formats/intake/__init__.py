"""From cells to an instance, or to all issues at once: tables, rows, cells, checks and messages."""
