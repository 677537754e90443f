"""People: accounts, requests for leave and swaps, and what is decided on them."""
