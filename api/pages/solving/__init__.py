"""Planning a month: the order, the job under way, the plans that came of it, side by side."""
