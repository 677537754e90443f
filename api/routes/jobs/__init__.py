"""Jobs and solves."""
