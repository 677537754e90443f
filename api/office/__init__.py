"""What an office does with its data: areas, edits, swaps, rows, busy calendars."""
