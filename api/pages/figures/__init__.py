"""How fair a month is, what it costs, what is reported of it, what was done: tables with workbook and print."""
