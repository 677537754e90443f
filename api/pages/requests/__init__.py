"""What people ask of the office, and who is suddenly away."""
