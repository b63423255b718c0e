"""Telling those it concerns that something happened, never what: the words stay behind the link."""

from django.conf import settings

from lyhord.cases import follow_code
from lyhord.cases.models import Case
from lyhord.cases.notices import CaseNotice, FollowedCaseChanged
from lyhord.following.models import NOTHING, Role
from lyhord.following.queries import confirmed
from lyhord.notifications.actions import tell
from lyhord.organisations.models import Organisation

SUBJECT = "case"


def code_of(case: Case) -> str:
    """The follow code, made again from the secret: it is stored nowhere."""
    return follow_code.code_for(settings.SECRET_KEY.encode(), case.uid, case.follow_version)


def tell_reporter(case: Case, kind: type[CaseNotice], *, key: str) -> None:
    """Tell the reporter by each way that they chose; who chose none is told nothing."""
    if not case.wants_feedback:
        return
    follows = list(confirmed(SUBJECT, case.pk, Role.REPORTER))
    if not follows:
        return
    organisation = Organisation.objects.get(pk=case.organisation_id)
    for follow in follows:
        news = kind(organisation=organisation, case=case, code=code_of(case), key=key, follow=follow)
        tell(news, contact=follow.contact)


def tell_merged(case: Case, kind: type[CaseNotice], *, key: str) -> None:
    """Tell the reporters of the cases that were merged into this one; each is led to their own case."""
    for merged in Case.objects.filter(duplicate_of=case).order_by("pk"):
        tell_reporter(merged, kind, key=f"{key}-of-{case.pk}")


def tell_followers(case: Case, *, key: str) -> None:
    """Tell each confirmed follower of a published case, with the public link; not who wants to hear nothing of it."""
    if not case.followers or case.publication_state != Case.Published.PUBLISHED:
        return
    organisation = Organisation.objects.get(pk=case.organisation_id)
    for follow in confirmed(SUBJECT, case.pk, Role.FOLLOWER).exclude(level=NOTHING):
        news = FollowedCaseChanged(organisation=organisation, case=case, follow=follow, key=key)
        tell(news, contact=follow.contact)
