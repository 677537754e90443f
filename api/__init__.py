"""The ways in: command line, written results, and the service."""
