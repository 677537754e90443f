"""What every request passes and every answer is made of: guard, cookies, problem details (RFC 9457)."""
