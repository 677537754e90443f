"""Scenarios compared: what each one changes, and how much of that is proven."""
