"""Znuny 6.5."""
