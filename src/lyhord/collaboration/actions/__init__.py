"""Everything that can happen to a group and its common queue, one function each."""

from lyhord.collaboration.actions.groups import accept, found_group, gather, invite, leave
from lyhord.collaboration.actions.offers import offer, withdraw
from lyhord.collaboration.actions.take import Taken, take

__all__ = ["Taken", "accept", "found_group", "gather", "invite", "leave", "offer", "take", "withdraw"]
