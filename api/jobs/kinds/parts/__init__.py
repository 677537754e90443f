"""Parts of some kinds that are too large for their one file."""
