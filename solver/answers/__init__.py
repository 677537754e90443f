"""Explanations: why this person, why nobody, what is unmet, how many advisers are missing."""
