"""What a file is before it is read: which kind, and whether it may be opened."""
