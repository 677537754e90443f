"""Accounts, feed links, own calendars, requests."""
