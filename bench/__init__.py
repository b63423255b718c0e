"""Measurements: each module has a `main`; `./lyhord bench` runs them."""
