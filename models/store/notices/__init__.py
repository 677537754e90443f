"""Notices: written with what they tell, sent as messages, by ways that people and groups have chosen."""
