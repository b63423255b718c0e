"""Django's PostgreSQL backend, set for many short requests over kept connections."""
