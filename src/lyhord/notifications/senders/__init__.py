"""The ways out of the house: one file each, found by sender.SENDERS."""
