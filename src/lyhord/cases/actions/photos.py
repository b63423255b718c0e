"""Changes to the pictures of a case."""

from collections.abc import Mapping

from django.db import transaction

from lyhord.audit.actions import record
from lyhord.cases.models import Photo
from lyhord.core.actor import Actor
from lyhord.core.text import clean_text

ALT_LENGTH = 200


@transaction.atomic
def describe_photos(*, case_id: int, words: Mapping[int, str], by: Actor) -> None:
    """Say in words what pictures of a case show; `words` is by the file's id. Cut at ALT_LENGTH characters."""
    for file_id, text in words.items():
        alt = clean_text(text, one_line=True)[:ALT_LENGTH]
        Photo.objects.filter(case_id=case_id, file_id=file_id).update(alt=alt)
    record(
        verb="case.photos_described",
        subject_type="case",
        subject_id=case_id,
        by=by,
        data={"photos": len(words)},
        level=1,
    )
