"""HTTP problem details (RFC 9457)."""
