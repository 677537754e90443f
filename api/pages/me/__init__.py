"""A lawyer's or mediator's own pages, for a phone: duties, villages, requests, calendar, attendance."""
