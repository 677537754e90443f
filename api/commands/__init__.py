"""The commands of ``zhiban``, by what they are for."""
