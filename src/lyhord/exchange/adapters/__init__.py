"""Case systems, one file each."""
