"""What routes share: ids in paths, entity tags, idempotency, the form of a list."""
