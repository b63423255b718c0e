"""The tables of matters."""

from lyhord.matters.models.bodies import Body, Meeting
from lyhord.matters.models.documents import Document, DocumentVersion, Source
from lyhord.matters.models.findings import Found, MatterPlace, MatterTopic
from lyhord.matters.models.items import Item, ItemReference
from lyhord.matters.models.mailed import MailedLetter, MailedPaper
from lyhord.matters.models.matter import CaseLink, Matter, MatterEvent, MatterNumber
from lyhord.matters.models.own_level import OwnLevel

__all__ = [
    "Body",
    "CaseLink",
    "Document",
    "DocumentVersion",
    "Found",
    "Item",
    "ItemReference",
    "MailedLetter",
    "MailedPaper",
    "Matter",
    "MatterEvent",
    "MatterNumber",
    "MatterPlace",
    "MatterTopic",
    "Meeting",
    "OwnLevel",
    "Source",
]
