"""Two years of months of one made-up county, each planned from what the earlier ones came to."""
