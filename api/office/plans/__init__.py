"""Plans: edits by hand, and what is asked of a roster."""
