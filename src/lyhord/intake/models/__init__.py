"""The tables of what comes in."""

from lyhord.intake.models.arrival import Arrival, ArrivalState, DraftCase, DraftFile, DraftState, Original, Outcome
from lyhord.intake.models.facebook import FacebookPage
from lyhord.intake.models.reception import Alarm, ApiKey, Diversion, LinkedPhoto, RecentUse, Reception

__all__ = [
    "Alarm",
    "ApiKey",
    "Arrival",
    "ArrivalState",
    "Diversion",
    "DraftCase",
    "DraftFile",
    "DraftState",
    "FacebookPage",
    "LinkedPhoto",
    "Original",
    "Outcome",
    "RecentUse",
    "Reception",
]
