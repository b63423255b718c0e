"""Published cases as files for other people's programs: their columns, how they are written, and the large ones."""
