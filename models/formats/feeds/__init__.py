"""Calendars as files (RFC 5545): events of a plan, and what a publication changes in them."""
