"""Where: points, map cells, addresses, areas and municipalities."""
