"""Parts of job kinds that are too large for one file."""
