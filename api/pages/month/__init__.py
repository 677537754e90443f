"""The office's first page: the seven steps of the month, and the areas of a bureau."""
