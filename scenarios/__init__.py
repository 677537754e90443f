"""Real places with made-up people: bundled scenarios and the instance generator."""
