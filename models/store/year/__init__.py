"""What happened in an area's months, and which of them are closed."""
