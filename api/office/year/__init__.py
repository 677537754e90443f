"""The office's year: what happened in its months, how they are opened and closed, what is told of them."""
