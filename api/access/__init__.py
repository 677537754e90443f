"""Authentication and authorisation: roles, policy, sign-in, tokens."""
