"""The tables of cases: what sorts there are, the cases themselves, what is said in them, what is published."""

from lyhord.cases.models.case import Case, CaseQuerySet, Document, Message, Photo, Publication, Reporter, Side
from lyhord.cases.models.case_type import CaseType, CaseTypeVersion, Category, RuleSet, SuggestionModel
from lyhord.cases.models.draft import Draft
from lyhord.cases.models.map_count import MapCount
from lyhord.cases.models.question import Outcome, Question
from lyhord.cases.models.shortlist import Shortlisted

__all__ = [
    "Case",
    "CaseQuerySet",
    "CaseType",
    "CaseTypeVersion",
    "Category",
    "Document",
    "Draft",
    "MapCount",
    "Message",
    "Outcome",
    "Photo",
    "Publication",
    "Question",
    "Reporter",
    "RuleSet",
    "Shortlisted",
    "Side",
    "SuggestionModel",
]
