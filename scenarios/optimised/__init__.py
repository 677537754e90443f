"""Planning questions answered by optimisation, one file each."""
