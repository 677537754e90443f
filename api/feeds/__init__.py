"""Calendar feeds: what lawyers, stations, townships and villages subscribe to."""
