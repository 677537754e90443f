"""The office's own old files: lists and duty tables of any layout, read into a first workbook."""
