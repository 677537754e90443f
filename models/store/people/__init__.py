"""Accounts, tokens, sign-ins, requests, and the addresses of own calendars."""
