"""What an office hands in month by month: statements of money, and the report."""
