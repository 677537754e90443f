"""The office's year: what is planned and what was held, month after month. Nothing is searched for."""
