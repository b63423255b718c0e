"""People who log in: accounts, memberships of organisations, roles and permissions."""
