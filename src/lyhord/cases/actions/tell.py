"""Telling those it concerns that something happened, never what: the words stay behind the link."""

from collections.abc import Iterator
from typing import NamedTuple

from django.conf import settings

from lyhord.cases import follow_code
from lyhord.cases.models import Case, Reporter
from lyhord.cases.notices import CaseNotice, FollowedCaseChanged
from lyhord.following.queries import confirmed_followers
from lyhord.notifications.actions import queue
from lyhord.organisations.models import Organisation

OWN_CASE = "own_case"
"""The subject that reporters follow by other ways than mail: their own case, published or not."""


def code_of(case: Case) -> str:
    """The follow code, made again from the secret: it is stored nowhere."""
    return follow_code.code_for(settings.SECRET_KEY.encode(), case.uid, case.follow_version)


def tell_reporter(case: Case, kind: type[CaseNotice], *, key: str) -> None:
    """Queue a notice to each address where the reporter wants to be told, if they asked for answers at all."""
    if not case.wants_feedback:
        return
    addresses = list(_addresses(case))
    if not addresses:
        return
    organisation = Organisation.objects.get(pk=case.organisation_id)
    for to in addresses:
        notice = kind(
            organisation=organisation, case=case, code=code_of(case), key=f"{key}{to.mark}", language=to.language
        )
        queue(notice, address=to.address, sender=to.sender)


class _To(NamedTuple):
    """An address of the reporter's; `mark` tells what is sent to it from the same news to another."""

    sender: str
    address: str
    language: str = ""
    mark: str = ""


def _addresses(case: Case) -> Iterator[_To]:
    reporter = Reporter.objects.filter(case=case).first()
    if reporter is not None and reporter.email:
        yield _To("email", reporter.email)
    for follow in confirmed_followers(OWN_CASE, case.pk):
        yield _To(follow.sender, follow.address, follow.language, f"-{follow.sender}-{follow.pk}")


def tell_merged(case: Case, kind: type[CaseNotice], *, key: str) -> None:
    """Tell the reporters of the cases that were merged into this one; each is led to their own case."""
    for merged in Case.objects.filter(duplicate_of=case).order_by("pk"):
        tell_reporter(merged, kind, key=f"{key}-of-{case.pk}")


def tell_followers(case: Case, *, key: str) -> None:
    """Queue a notice to each confirmed follower of a published case, with the public link."""
    if not case.followers or case.publication_state != Case.Published.PUBLISHED:
        return
    organisation = Organisation.objects.get(pk=case.organisation_id)
    for follow in confirmed_followers("case", case.pk):
        queue(FollowedCaseChanged(organisation=organisation, case=case, follow=follow, key=key), address=follow.email)
