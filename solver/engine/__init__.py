"""Solves a ladder of goals: matrices, engines, parts, crews. Independent of the domain."""
