"""Sign-in, password, language, and the first page of each role."""
