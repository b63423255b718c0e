"""`./lyhord`: run, test, check, bench, conformance, manage. One module for each."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
"""The folder that holds pyproject.toml, tests and bench."""
