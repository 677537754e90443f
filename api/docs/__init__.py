"""The description of the interface for people: words for the OpenAPI document, and a page that shows it."""
