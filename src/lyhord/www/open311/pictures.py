"""What comes along with a report or an update: pictures in the request, and pictures that lie elsewhere."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from lyhord.cases import actions
from lyhord.cases.models import Case, Message
from lyhord.core.actor import Actor
from lyhord.core.errors import Text
from lyhord.core.http import LONGEST_URL
from lyhord.files.models import StoredFile
from lyhord.intake.linked_photos import take_links
from lyhord.intake.models import ApiKey
from lyhord.intake.submission import MOST_PHOTOS
from lyhord.intake.tasks import fetch_photo
from lyhord.www.open311.call import Call
from lyhord.www.open311.parameters import Parameters
from lyhord.www.public import uploads

_MOST_URLS = 5


def keep(call: Call, by: Actor) -> tuple[list[StoredFile], list[Text]]:
    """The pictures in the request, cleaned and kept, and what could not be kept: it stops neither report nor update."""
    return uploads.keep(
        call.parameters.files(),
        organisation_id=call.organisation.pk,
        room=MOST_PHOTOS,
        let_go=call.parameters.let_go,
        by=by,
    )


def go_on(
    given: Parameters,
    case: Case,
    key: ApiKey,
    *,
    kept: int,
    refused: Sequence[Text],
    message: Message | None = None,
) -> None:
    """Once it is saved: jobs fetch what lies elsewhere, by the guarded way; staff are told of what was not kept.

    Other systems do not show `service_notice` to anybody, so the one who sent a file believes that we have it.
    """
    by = Actor.system(key.client)
    show = key.publishes_at_once and message is None
    if urls := _urls(given):
        for link in take_links(case=case, urls=urls, room=MOST_PHOTOS - kept, show=show, by=by, message=message):
            fetch_photo.enqueue(organisation_id=case.organisation_id, link_id=link.pk)
    if refused:
        said = [_("Något som skickades med gick inte att ta emot:"), *(str(sentence) for sentence in refused)]
        actions.note(case_id=case.pk, text="\n".join(said), by=by)


def _urls(given: Parameters) -> list[str]:
    urls = [url for url in given.all("media_url") if url.startswith(("http://", "https://")) and " " not in url]
    return [url for url in urls if len(url) <= LONGEST_URL][:_MOST_URLS]
