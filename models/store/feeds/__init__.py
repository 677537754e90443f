"""The published calendars, event by event."""
