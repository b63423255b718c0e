"""A map and a list that the organisation's own sites show in a frame of theirs."""
