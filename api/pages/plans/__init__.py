"""A draft on its way to everybody: preview, publication, merge, withdrawal."""
