"""iCalendar feeds (RFC 5545): the events of a plan, and how a publication changes them."""
