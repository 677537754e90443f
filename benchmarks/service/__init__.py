"""The service under load: calendar feeds while a city is solved."""
