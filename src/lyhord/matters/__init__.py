"""Matters in the political process: what agendas and minutes say, read and linked. No tables yet."""
