"""Residents have their say about a matter, with little effort: openings, what they led to, and plans."""
