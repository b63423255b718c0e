"""The one log: what happened, who did it, in which order; and who wants to know of it."""
