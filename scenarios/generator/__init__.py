"""Instances from real geography and made-up people."""
