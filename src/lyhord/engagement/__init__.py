"""Residents have their say about a matter, with little effort: several kinds of openings, what they led to, and plans."""
