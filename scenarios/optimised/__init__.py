"""The questions a planner asks that are answered by optimisation, one file each."""
