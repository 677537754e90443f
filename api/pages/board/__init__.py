"""The board of a roster: its views, the panel of a cell, changes by hand, why, and the map."""
