"""What a rule may ask and say: facts, choices, the model, a roster read against the facts."""
