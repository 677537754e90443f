"""Why this one, why nobody, what is lacking, and how many more advisers it takes."""
