"""Bodies, meetings and matters as the objects of OParl 1.1: a matter is a Paper, a § is an AgendaItem, and what ties
them is a Consultation.

What is not shown says so and nothing more: `deleted` for a matter that is hidden or was put into another, `public`
False for its items.
"""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from lyhord.core.clock import zone
from lyhord.matters.models import Body, Document, Item, Matter, Meeting
from lyhord.matters.stages import kinds
from lyhord.matters.topics import topics
from lyhord.organisations.models import Organisation
from lyhord.organisations.queries import public_url

SCHEMA = "https://schema.oparl.org/1.1"
_DECIDES = {Item.Result.APPROVED, Item.Result.REJECTED, Item.Result.REFERRED_BACK, Item.Result.ANSWERED}

type Shape = dict[str, Any]


class Shapes:
    """Makes the objects, with addresses on the organisation's own host."""

    def __init__(self, organisation: Organisation) -> None:
        self.organisation = organisation

    def url(self, path: str) -> str:
        """The whole address of an object or a list."""
        return public_url(self.organisation, f"/oparl/v1.1/{path}")

    def system(self) -> Shape:
        """What one meets first."""
        return {
            "id": self.url(""),
            "type": f"{SCHEMA}/System",
            "oparlVersion": f"{SCHEMA}/",
            "body": self.url("bodies/"),
            "name": self.organisation.service_name,
            "contactEmail": self.organisation.email,
            "website": public_url(self.organisation, "/beslut/"),
            **_times(self.organisation.created_at),
        }

    def body(self) -> Shape:
        """The municipality."""
        return {
            "id": self.url("body/"),
            "type": f"{SCHEMA}/Body",
            "system": self.url(""),
            "name": self.organisation.name,
            "organization": self.url("organizations/"),
            "person": self.url("persons/"),
            "meeting": self.url("meetings/"),
            "paper": self.url("papers/"),
            "legislativeTerm": [],
            "web": public_url(self.organisation, "/beslut/"),
            **_times(self.organisation.created_at),
        }

    def organization(self, row: Body) -> Shape:
        """A body that decides or prepares."""
        return {
            "id": self.url(f"organization/{row.code}/"),
            "type": f"{SCHEMA}/Organization",
            "body": self.url("body/"),
            "name": row.name,
            "classification": row.get_classification_display(),
            "web": public_url(self.organisation, f"/beslut/organ/{row.code}/"),
            **_times(self.organisation.created_at),
        }

    def meeting(self, row: Meeting, modified: datetime | None) -> Shape:
        """A meeting with the items of its minutes, or of its agenda while there are none."""
        papers = [paper for paper in row.documents.all() if paper.withdrawn_at is None]
        agenda = next((paper for paper in papers if paper.kind == Document.Kind.AGENDA), None)
        minutes = next((paper for paper in papers if paper.kind == Document.Kind.MINUTES), None)
        leading = minutes or agenda
        items = sorted(leading.items.all(), key=lambda item: item.number) if leading else []
        at = modified or self.organisation.created_at
        shape = {
            "id": self.url(f"meeting/{row.pk}/"),
            "type": f"{SCHEMA}/Meeting",
            "name": f"{row.body.name} {row.held_on}",
            "cancelled": row.state == Meeting.State.CANCELLED,
            "start": datetime.combine(row.held_on, time(), zone()).isoformat(),
            "organization": [self.url(f"organization/{row.body.code}/")],
            "agendaItem": [self.item(item, row.pk, order, at) for order, item in enumerate(items) if not item.gone],
            "web": public_url(self.organisation, f"/beslut/moten/{row.pk}/"),
            **_times(at),
        }
        if agenda:
            shape["invitation"] = self.file(agenda)
        if minutes:
            shape["resultsProtocol"] = self.file(minutes)
        return shape

    def item(self, item: Item, meeting_id: int, order: int, at: datetime) -> Shape:
        """One §."""
        shown = item.matter is None or not item.matter.hidden
        shape: Shape = {
            "id": self.url(f"agendaitem/{item.pk}/"),
            "type": f"{SCHEMA}/AgendaItem",
            "meeting": self.url(f"meeting/{meeting_id}/"),
            "number": str(item.number),
            "order": order,
            "public": shown,
            **_times(at),
        }
        if shown:
            shape["name"] = item.heading
            if item.matter_id:
                shape["consultation"] = self.url(f"consultation/{item.pk}/")
            if item.result:
                shape["result"] = item.get_result_display()
            if item.decision_text:
                shape["resolutionText"] = item.decision_text
        return shape

    def file(self, row: Document) -> Shape:
        """A paper as it was read."""
        shape: Shape = {
            "id": self.url(f"file/{row.pk}/"),
            "type": f"{SCHEMA}/File",
            "accessUrl": public_url(self.organisation, f"/beslut/handlingar/{row.pk}/"),
            "created": _moment(row.first_read_at),
            "modified": _moment(row.withdrawn_at or row.changed_at),
        }
        if row.withdrawn_at:
            return {**shape, "deleted": True}
        return {**shape, "name": row.title, **({"externalServiceUrl": row.url} if row.url else {})}

    def paper(self, row: Matter, modified: datetime | None) -> Shape:
        """A matter, with where it has been treated."""
        at = modified or row.created_at
        shape: Shape = {
            "id": self.url(f"paper/{row.pk}/"),
            "type": f"{SCHEMA}/Paper",
            "body": self.url("body/"),
            "created": _moment(row.created_at),
            "modified": _moment(at),
        }
        if row.hidden or row.merged_into_id:
            return {**shape, "deleted": True}
        known = topics()
        numbers = sorted(number.number for number in row.numbers.all())
        words = [known[one.topic].name("sv") for one in row.topics.all() if not one.denied and one.topic in known]
        return {
            **shape,
            "name": row.shown_title,
            **({"reference": numbers[0]} if numbers else {}),
            **({"date": row.first_on.isoformat()} if row.first_on else {}),
            "paperType": kinds()[row.kind].name("sv"),
            "keyword": words,
            "consultation": [self.consultation(item, at) for item in treated(row.items.all())],
            "web": public_url(self.organisation, f"/beslut/{row.pk}/"),
        }

    def consultation(self, item: Item, at: datetime) -> Shape:
        """That a matter is an item of a meeting."""
        meeting = item.document.meeting
        return {
            "id": self.url(f"consultation/{item.pk}/"),
            "type": f"{SCHEMA}/Consultation",
            "paper": self.url(f"paper/{item.matter_id}/"),
            "agendaItem": self.url(f"agendaitem/{item.pk}/"),
            **({"meeting": self.url(f"meeting/{meeting.pk}/")} if meeting else {}),
            **({"organization": [self.url(f"organization/{meeting.body.code}/")]} if meeting else {}),
            "authoritative": bool(item.result) and Item.Result(item.result) in _DECIDES,
            **_times(at),
        }


def treated(items: Iterable[Item]) -> list[Item]:
    """The items of a matter, of each meeting those of its minutes, or of its agenda while there are none."""
    rows = [item for item in items if not item.gone and item.document.withdrawn_at is None]
    with_minutes = {row.document.meeting_id for row in rows if row.document.kind == Document.Kind.MINUTES}
    kept = [
        row for row in rows if row.document.kind == Document.Kind.MINUTES or row.document.meeting_id not in with_minutes
    ]
    return sorted(
        kept, key=lambda row: (row.document.meeting.held_on.isoformat() if row.document.meeting else "", row.pk)
    )


def _times(at: datetime) -> Shape:
    return {"created": _moment(at), "modified": _moment(at)}


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
