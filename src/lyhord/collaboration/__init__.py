"""Municipalities that help each other: a common queue of cases that one of them may take over from another."""
