"""What-if questions and their answers."""
