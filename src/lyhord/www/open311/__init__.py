"""Open311 GeoReport v2: other people's apps, maps and systems send reports and read what is published.

The shapes are exact, and written by hand: clients are particular. docs/open311.md says what is decided where the
specification is silent.
"""
