"""Sign-in, accounts, feeds and their links, own calendars, requests."""
