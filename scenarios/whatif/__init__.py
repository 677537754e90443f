"""What-if questions: read, prepared, run."""
