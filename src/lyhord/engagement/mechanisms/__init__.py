"""Ways to have one's say, one file each. Nobody imports them by name."""
