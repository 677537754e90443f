"""Two years of months of one made-up county, each planned from the results of the earlier ones."""
