"""A real RT 5."""
