"""The contract between jobs and their kinds: orders, verdicts, results, the child's folder."""
