"""API documentation: the text of the OpenAPI document, and a page that shows it."""
