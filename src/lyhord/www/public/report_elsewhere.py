"""A report about a place in another municipality that is served here too: offered there, nothing to write again."""

from dataclasses import replace

from lyhord.audit.actions import record
from lyhord.cases.public_queries import type_by_code
from lyhord.core.actor import Actor
from lyhord.core.tenancy import organisation_scope
from lyhord.files.actions import copy_photo
from lyhord.intake.channel import CHANNELS
from lyhord.intake.submission import Receipt, Submission
from lyhord.organisations.models import Organisation
from lyhord.places.morton import distance_m
from lyhord.places.point import Point
from lyhord.places.queries import inside_boundary

HERE = "har"
_ASK_AT_MOST = 12
"""So many of the nearest organisations are asked whether the place is theirs."""


def owner_of(point: Point | None, organisation: Organisation) -> Organisation | None:
    """The other organisation whose land holds the point; None when it is ours, nobody's or not known.

    A place near a border may be either's, since borders are drawn coarsely: so the person is asked, never overruled.
    """
    if point is None or inside_boundary(point) is not False:
        return None
    others = [
        (distance_m(point.position, (other.lat, other.lon)), other)
        for other in Organisation.objects.exclude(pk=organisation.pk)
        if other.lat is not None and other.lon is not None and other.demo == organisation.demo
    ]
    for _away, other in sorted(others, key=lambda pair: pair[0])[:_ASK_AT_MOST]:
        with organisation_scope(other.pk):
            if inside_boundary(point):
                return other
    return None


def receive_there(submission: Submission, *, here: Organisation, there: Organisation, by: Actor) -> Receipt:
    """Take the submission in as the other organisation's own; here only that it happened is noted.

    What is sorted differently there is left to its own routing. Raises Invalid.
    """
    with organisation_scope(there.pk):
        same = type_by_code(submission.case_type or "")
        keeps = same is not None and same.kind == submission.kind
        photos = tuple(
            replace(photo, file=copy_photo(file=photo.file, organisation_id=there.pk, by=by))
            for photo in submission.photos
        )
        receipt = CHANNELS.get("web").receive(
            organisation=there,
            submission=replace(
                submission,
                case_type=submission.case_type if keeps else None,
                guess=True,
                category=None,
                ask_all=False,
                answers=submission.answers if keeps else {},
                photos=photos,
            ),
            by=by,
        )
    if receipt.created:
        record(
            verb="intake.moved",
            subject_type="organisation",
            subject_id=here.pk,
            by=by,
            data={"to": there.slug},
            level=1,
        )
    return receipt
