"""Who may do what, and how the service knows who asks: roles, policy, sign-in, tokens."""
