"""Instances, drafts, pins and publications."""
