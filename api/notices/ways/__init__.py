"""The ways by which messages go out, one file each; ``WAYS`` makes those that are set up."""
