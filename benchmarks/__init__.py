"""Measurements: whole commands on generated instances, with value, bound and gap."""
