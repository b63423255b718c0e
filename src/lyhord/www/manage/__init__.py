"""The settings pages: everything that a municipality changes by itself."""
