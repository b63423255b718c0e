"""Reading mail from anybody: bytes in, a `Letter` out. Knows nothing of cases; `intake.handling` decides."""
