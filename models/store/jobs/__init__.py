"""Jobs and what-if questions, each with what came of it."""
