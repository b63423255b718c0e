"""One file for each country (core/country.py). The tests hold its free days against the library of the world's."""
