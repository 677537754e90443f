"""What happened in a month, what it pays, and how one month follows another."""
