"""Answers side by side: what a scenario changes, and what of it is proven."""
