"""The ways in: command line and written results."""
