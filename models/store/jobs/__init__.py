"""Jobs and what-if questions, each with its results."""
