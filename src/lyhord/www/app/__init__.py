"""The installable app of an organisation: the same pages, with what a phone needs to keep them and be told of news."""
