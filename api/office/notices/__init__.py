"""Notices as an office sees them: what became of each, the texts to paste, ways that people choose, groups."""
