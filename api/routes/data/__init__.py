"""An area's data: uploads, rows, rules, reading out."""
