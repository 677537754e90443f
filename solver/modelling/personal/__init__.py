"""What is asked of one person's month: stretches of days, limits and wishes."""
