"""Rules: every number with its source; what the office changed; another profile."""
