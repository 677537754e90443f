"""The interfaces: command line, written documents, and the web service."""
