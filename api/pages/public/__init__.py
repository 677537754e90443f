"""What everybody may read without sign-in: the sheet of a month, today's duty, a village's adviser."""
