"""Residents who have chosen to log in: their accounts, sessions and cases."""
