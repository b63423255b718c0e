"""Who is logged in, and which cases are theirs."""

from django.db.models import Q, Subquery

from lyhord.cases.models import Case
from lyhord.cases.numbers import format_number, parse_number
from lyhord.core.clock import now
from lyhord.following.models import Follow, Role
from lyhord.residents.models import Account, AccountCase, LogIn, Provider
from lyhord.residents.token import digest_of

PAGE = 20


def account_behind(token: str) -> Account | None:
    """Whose browser it is by its cookie; None when they are not logged in (any more)."""
    if not token or len(token) > 100:
        return None
    found = LogIn.objects.select_related("account__contact").filter(digest=digest_of(token), ends_at__gt=now()).first()
    return found.account if found else None


def cases_of(account: Account, *, before: str = "", size: int = PAGE) -> tuple[list[Case], bool]:
    """A page of somebody's cases, newest first, and whether there are more; `before` is a number.

    Theirs is what an address of theirs has said yes to hearing of as its own, and what they have put here by its code.
    One of somebody with protected identity is not shown for an address alone.
    """
    put_here = AccountCase.objects.filter(account=account).values("case_id")
    ids, open_to = put_here, Q(protected=False)
    if not account.by_address_alone:
        open_to |= Q(pk__in=put_here)
    if account.contact_id is not None:
        heard_of = Follow.objects.filter(
            subject_type="case", role=Role.REPORTER, contact=account.contact_id, confirmed_at__isnull=False
        )
        ids = put_here.union(heard_of.values("subject_id"))
    cases = Case.objects.filter(open_to, pk__in=ids).order_by("-pk")
    if before:
        parsed = parse_number(before)
        last = Case.objects.filter(number=format_number(*parsed) if parsed else "-")
        cases = cases.filter(pk__lt=Subquery(last.values("pk")))
    found = list(cases[: size + 1])
    return found[:size], len(found) > size


def providers() -> list[Provider]:
    """Those by whom one can log in now."""
    return [row for row in Provider.objects.filter(active=True).order_by("label", "pk")[:20] if row.ready]
