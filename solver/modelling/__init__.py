"""What rules work with: facts, choices, the model, a roster read against the facts."""
