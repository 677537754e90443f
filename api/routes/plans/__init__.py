"""Rosters: drafts, edits, pins, publication, figures, log."""
