"""What other systems are told by themselves: signed webhooks, in order for each case, kept until they have arrived."""
