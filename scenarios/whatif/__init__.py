"""What-if questions: reading, preparing and running them."""
