"""HTTP plumbing shared by all routes: guard, cookies, problem details (RFC 9457)."""
