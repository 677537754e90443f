"""The database itself: connections, transactions, errors, log, paging, upgrades."""
