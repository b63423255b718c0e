"""What happens to political matters, as feeds: the same news that followers are told, newest first."""

from uuid import NAMESPACE_URL, uuid5

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lyhord.core.errors import NotFound
from lyhord.core.text import clean_text
from lyhord.following.models import News
from lyhord.matters.actions.follow import SUBJECT
from lyhord.matters.public_queries import found
from lyhord.organisations.middleware import OrganisationRequest
from lyhord.organisations.models import Organisation
from lyhord.organisations.queries import public_url
from lyhord.www.opendata.answers import open_to_all, whole
from lyhord.www.opendata.feeds import MOST, TYPES, Entry, written
from lyhord.www.public.matter_choice import read_choice

IMPORTANT = 3


@require_safe
@open_to_all
def matter_feed(request: OrganisationRequest, ending: str) -> HttpResponse:
    """The latest news of the matters of the choice in the address (as at /beslut/), with `niva=3` the most important
    only; 304 while the same.
    """
    organisation = request.organisation
    if ending not in TYPES or not organisation.has("matters"):
        raise NotFound
    given, wanted = read_choice(request)
    query = given.query
    important = request.GET.get("niva") == str(IMPORTANT)
    news = News.objects.filter(subject_type=SUBJECT, subject_id__in=found(wanted).order_by().values("pk"))
    if important:
        news = news.filter(level__gte=IMPORTANT)
        query = f"{query}&niva={IMPORTANT}" if query else f"niva={IMPORTANT}"
    about = {
        "title": _("%(service)s: beslut") % {"service": organisation.service_name},
        "description": _("Det som händer med kommunens beslut, från första mötet till sista."),
        "home": _address(organisation, reverse("public:matters"), given.query),
        "own": _address(organisation, reverse("opendata:matter_feed", args=[ending]), query),
        "language": "sv",
    }
    entries = [_entry(organisation, one) for one in news.order_by("-at", "-pk")[:MOST]]
    return whole(request, written(organisation, entries, about, ending), TYPES[ending])


def _entry(organisation: Organisation, news: News) -> Entry:
    title = clean_text(f"{news.title}: {news.what}" if news.what else news.title, one_line=True)
    at = news.at.replace(microsecond=0)
    return Entry(
        unique_id=uuid5(NAMESPACE_URL, f"lyhord/{organisation.slug}/news/{news.event_id}").urn,
        url=public_url(organisation, news.path),
        title=title,
        text=title,
        published=at,
        updated=at,
        tags=tuple(name for _code, name in news.facts.get("topics", [])),
    )


def _address(organisation: Organisation, path: str, query: str = "") -> str:
    return public_url(organisation, f"{path}?{query}" if query else path)
