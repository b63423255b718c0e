"""Published cases for other people's programs: files, feeds and the entry in data catalogues."""
