"""Matters in the political process: what agendas and minutes say, read, linked, and kept as a timeline."""
