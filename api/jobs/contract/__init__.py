"""What every kind of job says of itself and may use: orders, verdicts, results, the child's folder."""
