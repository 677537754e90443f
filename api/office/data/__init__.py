"""Data of an area: changed as a whole document, written out, read from calendars."""
