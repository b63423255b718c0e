"""What one can send, and what is asked about each: from the same descriptions as our own form."""

from collections.abc import Mapping, Sequence
from typing import Any

from lyhord.cases.acute import acute_sentence, always_stops
from lyhord.cases.description import CaseTypeDescription
from lyhord.cases.kind import KINDS
from lyhord.cases.models import CaseType
from lyhord.cases.open_data import open_types
from lyhord.cases.public_queries import category_names, type_by_code
from lyhord.cases.questions import NO, YES, Datatype, Question, in_language, yes_and_no
from lyhord.intake.clients import speaks_fixmystreet
from lyhord.www.open311 import fixmystreet
from lyhord.www.open311.call import Call
from lyhord.www.open311.failures import Failure
from lyhord.www.open311.formats import Answer, Children, Row, Value

_MEANT_FOR_CLIENTS = {"private", "inactive", "staff", "waste_only"}
"""Keywords that some clients obey; a municipality's own words must not be taken for them."""
_MOST_KEYWORDS = 12


def services(call: Call) -> Answer:
    """The list. Types that are never taken in by a form (ring instead, somebody else's) are not offered."""
    dialect, language = speaks_fixmystreet(), call.language
    rows = open_types().values_list("code", "kind", "category__names", "current__content")
    offered = [row for row in rows if not always_stops(row[3])]
    names = category_names({code for row in offered for code in row[3].get("also_under", ())}, language)
    made = []
    for code, kind, category, content in offered:
        group = in_language(dict(category), language) if category else str(KINDS.get(kind).label)
        made.append(_service(code, content, [group, *_more_groups(content, names)], language, asked=dialect))
    return Answer("services", "service", made)


def _more_groups(content: Mapping[str, Any], names: Mapping[str, str]) -> list[str]:
    return [names[code] for code in content.get("also_under", ()) if code in names]


def _service(code: str, content: Mapping[str, Any], groups: Sequence[str], language: str, *, asked: bool) -> Row:
    """One service, from the stored JSON: reading it as a whole description would cost more than all the rest.

    With `asked` there is always something to fill in: FixMyStreet's own id.
    """
    words = [word for word in content.get("words", ()) if word not in _MEANT_FOR_CLIENTS and "," not in word]
    private = content.get("confidential") or not content.get("publication", {}).get("allowed", True)
    row: dict[str, Value] = {
        "service_code": code,
        "service_name": in_language(content["name"], language),
        "description": in_language(content.get("help", {}), language),
        "metadata": asked or bool(content.get("questions")),
        "type": content.get("open311", "realtime"),
        "keywords": ",".join([*(["private"] if private else []), *words[:_MOST_KEYWORDS]]),
        "group": groups[0],
    }
    if len(several := list(dict.fromkeys(groups))) > 1:  # FixMyStreet's extension
        row["groups"] = Children("group", several)
    return row


def service(code: str) -> tuple[CaseType, CaseTypeDescription]:
    """The type behind a code and what it says; Failure 404 for one that is not offered."""
    found = type_by_code(code)
    if found is None or found.current is None or always_stops(found.current.content):
        raise Failure(404)
    return found, found.current.description


def definition(call: Call, code: str) -> Answer:
    """The questions of one service; none is an empty list."""
    _type, description = service(code)
    attributes = [
        _attribute(question, order, description, call) for order, question in enumerate(description.questions, start=1)
    ]
    if speaks_fixmystreet():
        attributes.append(fixmystreet.its_id(len(attributes) + 1))
    row: dict[str, Value] = {"service_code": code, "attributes": Children("attribute", attributes)}
    return Answer("service_definition", "", [row])


def _attribute(question: Question, order: int, description: CaseTypeDescription, call: Call) -> Row:
    language = call.language
    made: dict[str, Value] = {
        "variable": question.datatype is not Datatype.INFO,
        "code": question.code,
        "datatype": question.datatype.open311,
        # Clients cannot know that a question is asked only after another, so they need not answer it.
        "required": question.required and question.show_if is None,
        "datatype_description": in_language(question.hint, language) or in_language(question.unit, language),
        "order": order,
        "description": in_language(question.label, language),
    }
    if question.datatype.has_choices:
        made["values"] = Children("value", [_choice(key, question, description, call) for key in question.values()])
    return made


def _choice(key: str, question: Question, description: CaseTypeDescription, call: Call) -> Row:
    row: dict[str, Value] = {"key": key, "name": _name(key, question, call.language)}
    stops = [a for a in description.acute if a.stop and a.question == question.code and a.value == key]
    if stops:  # FixMyStreet and its relatives then say so, and let nothing be sent
        row["disable_message"] = acute_sentence(stops[0], call.organisation, call.language)
    return row


def _name(key: str, question: Question, language: str) -> str:
    if question.datatype is Datatype.YESNO:
        return dict(zip((YES, NO), yes_and_no(language), strict=True))[key]
    return next(in_language(option.label, language) for option in question.options if option.code == key)
