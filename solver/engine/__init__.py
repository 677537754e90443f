"""How a ladder of goals is climbed: matrices, engines, parts, crews. Knows nothing of law."""
