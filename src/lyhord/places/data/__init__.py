"""Facts about Swedish places that come with the package; README.md has sources and licences."""
