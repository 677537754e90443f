"""Checks on a file before it is read: what kind it is, and whether it is safe to open."""
