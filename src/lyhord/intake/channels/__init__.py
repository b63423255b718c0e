"""The ways in, one file each. Only `lyhord.intake.channel.CHANNELS` loads them."""
