"""One call of every operation of the API that succeeds on planted things, and what it may cost."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import Image

from lyhord.cases.models import Case, Document
from lyhord.collaboration.models import Group, Offer
from lyhord.core.tenancy import organisation_scope
from lyhord.files.actions import keep_document
from lyhord.files.models import StoredDocument
from lyhord.intake.models import DraftFile
from tests import factories
from tests.notifications.device import Device
from tests.www.plant import Planted

DEVICE = Device("https://push.example/send/abc")
PICTURE = object()
"""For a body: a picture in a form."""


@dataclass(frozen=True, kw_only=True)
class Call:
    """Who calls, with what, how it ends.

    "" is nobody, "code" whoever has the case's code, "resident" somebody by a token; else somebody of the cast.
    """

    by: str = ""
    body: Any = None
    query: str = ""
    status: int = 200
    most: int
    """How many queries at most, beside the wall's four."""
    uid: str = "uid"
    number: str = "number"
    """Which of the planted cases it is about."""


STAFF: dict[str, Call] = {
    "get /me": Call(by="kim", most=2),
    "get /units": Call(by="kim", most=3),
    "get /views": Call(by="kim", most=3),
    "get /cases": Call(by="kim", most=3),
    "get /map/{z}/{x}/{y}": Call(by="kim", most=3),
    "get /cases/{number}": Call(by="kim", most=6),
    "get /cases/{number}/history": Call(by="kim", most=5),
    "get /cases/{number}/related": Call(by="kim", most=6),
    "get /cases/{number}/officers": Call(by="kim", most=5),
    "get /cases/{number}/documents/{uid}": Call(by="kim", most=5, uid="document_uid"),
    "get /cases/{number}/photos/{uid}/{size}": Call(by="kim", most=4),
    "get /cases/{number}/draft": Call(by="kim", most=4),
    "put /cases/{number}/draft": Call(by="kim", body={"text": "Börjat."}, most=15),
    "delete /cases/{number}/draft": Call(by="kim", status=204, most=7),
    "post /cases/{number}/replies": Call(by="kim", body={"text": "Svar."}, status=201, most=28),
    "post /cases/{number}/notes": Call(by="kim", body={"text": "Anteckning."}, status=201, most=11),
    "post /cases/{number}/read": Call(by="kim", status=204, most=7),
    "put /cases/{number}/officer": Call(by="kim", body={"officer": None}, most=9),
    "put /cases/{number}/unit": Call(by="kim", body={"unit": "kundcenter", "reason": "Er sak."}, most=14),
    "put /cases/{number}/state": Call(by="kim", body={"state": "in_progress"}, most=13),
    "put /cases/{number}/type": Call(by="kim", body={"case_type": "fraga"}, most=16),
    "post /cases/{number}/question": Call(by="kim", body={"text": "Vilken stolpe?", "closes": True}, most=42),
    "post /cases/{number}/merge": Call(by="kim", body={"into": "{review_number}"}, most=26),
    "put /cases/{number}/protection": Call(by="kim", most=29),
    "post /cases/{number}/protection/lift": Call(
        by="maria", body={"reason": "Fel."}, most=14, number="protected_number"
    ),
    "post /cases/{number}/unmerge": Call(by="kim", most=12, number="merged_number"),
    "put /cases/{number}/position": Call(by="kim", body={"lat": 58.54, "lon": 15.04}, most=14),
    "get /shortlist": Call(by="kim", most=4),
    "put /shortlist/{number}": Call(by="kim", status=204, most=9),
    "delete /shortlist/{number}": Call(by="kim", status=204, most=7),
    "get /statistics/channels": Call(by="kim", most=3),
    "post /bulk": Call(
        by="kim", body={"deed": {"do": "take"}, "cases": [{"number": "{number}", "revision": "{revision}"}]}, most=14
    ),
    "get /reviews": Call(by="kim", most=3),
    "get /reviews/{number}": Call(by="kim", most=6, number="review_number"),
    "put /cases/{number}/publication": Call(by="kim", body={"title": "Rubrik", "text": "Text."}, most=23),
    "post /cases/{number}/publication/decline": Call(by="kim", body={}, most=14),
    "get /pool": Call(by="kim", most=4),
    "post /pool/{entry_id}/take": Call(by="kim", most=72),
    "get /offers": Call(by="kim", most=4),
    "get /cases/{number}/offer": Call(by="kim", most=8),
    "put /cases/{number}/offer": Call(
        by="kim",
        body={"group": "{group_uid}", "reason": "Er väg.", "title": "Lampa", "text": "Släckt."},
        most=26,
    ),
    "delete /cases/{number}/offer": Call(by="kim", status=204, most=18, number="offered_number"),
    "get /outbox": Call(by="kim", most=4),
    "post /outbox/{notice_id}/resend": Call(by="kim", most=14),
    "get /log": Call(by="admin", most=5),
    "get /cases/{number}/systems": Call(by="kim", most=9),
    "get /cases/{number}/handover": Call(by="kim", most=6),
    "post /cases/{number}/handover": Call(by="kim", body={"to": 1, "message": "Er väg."}, status=404, most=9),
    "get /failed-changes": Call(by="kim", most=4),
    "post /failed-changes/{outgoing_id}/resend": Call(by="kim", status=204, most=12),
    "post /failed-changes/{outgoing_id}/give-up": Call(by="kim", status=204, most=13),
    "get /opinions": Call(by="kim", most=3),
    "put /opinions/{act_id}": Call(by="kim", body={"show": True, "text": "En idé."}, most=12),
    "get /engagement": Call(by="kim", most=14),
    "get /matters/{matter_id}/engagement": Call(by="kim", most=15),
    "get /incoming": Call(by="kim", most=4),
    "get /incoming/{draft_id}": Call(by="kim", most=5),
    "post /incoming/{draft_id}/case": Call(by="kim", body={"kind": "fraga", "answer": False}, status=201, most=40),
    "post /incoming/{draft_id}/part": Call(by="kim", body={"number": "{number}"}, most=23),
    "post /incoming/{draft_id}/dismiss": Call(by="kim", most=11),
    "post /incoming/{draft_id}/restore": Call(by="kim", status=409, most=8),  # nobody has dismissed it
    "get /incoming/{draft_id}/photos/{uid}/{size}": Call(by="kim", most=4, uid="draft_photo_uid"),
    "get /incoming/{draft_id}/documents/{uid}": Call(by="kim", status=404, most=4),  # it has none
    "get /arrivals": Call(by="kim", most=6),
    "get /arrivals/{arrival_id}/original": Call(by="maria", most=9),
    "post /arrivals/{arrival_id}/retry": Call(by="maria", status=204, most=10),
}
RESIDENTS: dict[str, Call] = {
    "get /organisation": Call(most=0),
    "get /kinds": Call(most=0),
    "get /categories": Call(most=1),
    "get /case-types": Call(most=1),
    "get /case-types/{code}": Call(most=1),
    "post /suggestions": Call(body={"text": "gatlyktan är släckt"}, most=6),
    "get /areas": Call(most=1),
    "get /addresses": Call(query="?q=vintergatan", most=1),
    "get /addresses/at": Call(query="?lat=58.5&lon=15.0", most=3),
    "get /nearby": Call(query="?lat=58.5371&lon=15.0365", most=2),
    "post /photos": Call(body=PICTURE, status=201, most=7),
    "get /photos/{token}": Call(most=1),
    "delete /photos/{token}": Call(status=204, most=9),
    "post /reports": Call(body={"text": "Lampan är släckt."}, status=201, most=16),
    "get /own-case": Call(by="code", most=5),
    "post /own-case/messages": Call(by="code", body={"text": "Mer."}, status=201, most=8),
    "put /own-case/protection": Call(by="code", status=204, most=25),
    "put /own-case/feedback": Call(by="code", body={"good": True}, most=10),
    "put /own-case/mail": Call(by="code", body={"email": "ny@exempel.se"}, status=204, most=12),
    "delete /own-case/mail": Call(by="code", status=204, most=15),
    "get /own-case/photos/{uid}/{size}": Call(by="code", most=2),
    "get /own-case/ways": Call(by="code", most=2),
    "post /own-case/ways": Call(by="code", body={"sender": "email", "address": "ny@exempel.se"}, status=201, most=22),
    "delete /own-case/ways": Call(by="code", status=204, most=40),
    "delete /own-case/ways/{way_id}": Call(by="code", status=204, most=22),
    "post /own-case/ways/{way_id}/wake": Call(by="code", status=204, most=8),
    "post /own-case/ways/{way_id}/code": Call(by="code", body={"code": "000000"}, most=8),
    "get /own-case/push": Call(by="code", most=1),
    "put /own-case/push": Call(by="code", body=DEVICE.subscription, status=201, most=25),
    "delete /own-case/push/{device}": Call(by="code", status=204, most=32),
    "get /published": Call(most=3),
    "get /published/{number}": Call(most=4),
    "get /published/map/{z}/{x}/{y}": Call(most=2),
    "get /published/heat": Call(most=1),
    "post /published/{number}/followers": Call(body={"email": "eva@exempel.se"}, status=202, most=16),
    "post /published/{number}/followers/code": Call(body={"handle": "x", "code": "000000"}, status=422, most=8),
    "get /register": Call(most=1),
    "get /contacts/{token}": Call(most=7),
    "put /contacts/{token}": Call(body={"rhythm": "day", "quiet": True, "language": "sv"}, most=14),
    "delete /contacts/{token}": Call(status=204, most=22),
    "delete /contacts/{token}/follows/{follow_id}": Call(status=204, most=18),
    "post /contacts/{token}/wake": Call(status=204, most=6),
    "put /contacts/{token}/works": Call(body={"proof": "x"}, status=404, most=2),  # it has not been paused
    "get /follows/{token}": Call(most=4),
    "put /follows/{token}": Call(most=4),
    "put /follows/{token}/choice": Call(body={"level": 3}, status=404, most=4),  # it is of a case
    "delete /follows/{token}": Call(status=204, most=17),
    "get /matter-choices": Call(most=4),
    "get /matters": Call(most=4),
    "get /matters/{matter_id}": Call(most=9),
    "get /bodies": Call(most=2),
    "get /bodies/{body_code}/meetings": Call(most=3),
    "get /meetings/{meeting_id}": Call(most=5),
    "get /papers/{document_id}": Call(most=3),
    "post /matters/{matter_id}/followers": Call(body={"email": "eva@exempel.se", "level": 3}, status=202, most=18),
    "post /matters/{matter_id}/followers/code": Call(body={"handle": "x", "code": "000000"}, status=422, most=9),
    "get /matters/{matter_id}/openings": Call(most=4),
    "get /openings/{opening_id}/acts": Call(most=4),
    "post /openings/{opening_id}/acts": Call(body={"text": "En idé."}, status=201, most=10),
    "post /acts/{act_id}/supports": Call(body={}, status=201, most=12),
    "get /own-cases": Call(by="resident", most=5),
    "post /own-cases": Call(by="resident", body={"code": "{shown_code}"}, status=201, most=12),
    "post /own-cases/address": Call(by="resident", body={"email": "eva@exempel.se"}, status=202, most=14),
    "post /own-cases/address/code": Call(by="resident", body={"handle": "x", "code": "000000"}, status=422, most=4),
    "get /alert-choices": Call(most=5),
    "post /alerts/preview": Call(body={"name": "Hemma", "words": ["skola"]}, most=3),
    "post /alerts": Call(body={"name": "Hemma", "words": ["skola"], "email": "eva@exempel.se"}, status=202, most=18),
    "get /alerts/{token}": Call(most=6),
    "put /alerts/{token}": Call(body={"name": "Skolan", "words": ["skola"], "level": 3}, most=20),
    "put /alerts/{token}/confirmation": Call(most=6),
    "put /alerts/{token}/silent/{news_id}": Call(status=204, most=24),
    "delete /alerts/{token}/silent/{news_id}": Call(status=204, most=10),
    "get /push": Call(most=1),
    "put /matters/{matter_id}/push": Call(body={"subscription": DEVICE.subscription}, status=201, most=32),
    "put /alerts/{token}/push": Call(body={"subscription": DEVICE.subscription}, status=201, most=34),
    "delete /alerts/{token}": Call(status=204, most=12),
}
CALLS = RESIDENTS | STAFF


def picture() -> BytesIO:
    """A small JPEG."""
    made = BytesIO()
    Image.new("RGB", (80, 60), "green").save(made, "JPEG")
    made.name = "photo.jpg"
    made.seek(0)
    return made


def path_of(operation: str, ids: dict[str, Any], call: Call) -> str:
    """The address, with the ids put in."""
    path = operation.partition(" ")[2]
    token = ids[
        {"photos": "draft_uid", "contacts": "contact_token", "alerts": "alert_token"}.get(path.split("/")[1], "token")
    ]
    values = {**ids, "uid": ids[call.uid], "number": ids[call.number], "token": token, "code": "belysning.lampa"}
    return path.format(**values, z=12, x=2218, y=1225, size="small").lstrip("/") + call.query


def body_of(call: Call, ids: dict[str, Any]) -> Any:
    """The body, with the ids put in."""

    def filled(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: filled(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [filled(inner) for inner in value]
        if isinstance(value, str) and value.startswith("{"):
            found = ids[value.strip("{}")]
            return found if isinstance(found, int) else str(found)
        return value

    return filled(call.body)


def ids_of(planted: Planted) -> dict[str, Any]:
    """What addresses and bodies may name, in the words of the API."""
    ids = planted.ids
    with organisation_scope(planted.organisation.pk):
        numbers = dict(Case.objects.values_list("pk", "number"))
        return {
            **ids,
            "review_number": numbers[ids["review_id"]],
            "merged_number": Case.objects.get(duplicate_of=ids["case_id"]).number,
            "offered_number": numbers[Offer.objects.get().case_id],
            "draft_photo_uid": DraftFile.objects.values_list("photo__uid", flat=True).get(draft_id=ids["draft_id"]),
            "document_uid": _document(ids["case_id"]),
            "shown_code": planted.codes["shown"],
            "group_uid": Group.objects.get().uid,
            "revision": Case.objects.get(pk=ids["case_id"]).revision,
        }


def _document(case_id: int) -> Any:
    """A file in the case that is no picture."""
    case = Case.objects.get(pk=case_id)
    file: StoredDocument = keep_document(
        organisation_id=case.organisation_id, data=b"%PDF-1.4\n%%EOF\n", name="Karta.pdf", by=factories.TEST
    )
    Document.objects.create(case=case, file=file)
    Case.objects.filter(pk=case_id).update(has_documents=True)
    return file.uid
