"""How a plan is found, checked and explained; one rule is one file."""
