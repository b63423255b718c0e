"""The demo: two municipalities with a few hundred realistic cases. The top layer: nothing imports it."""
