"""What zhiban plans with: domain types, calendar, formats in and out. Knows no solver and no HTTP."""
