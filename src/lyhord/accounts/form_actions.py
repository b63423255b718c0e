"""Forms that came when their writer's session had ended.

No events: nothing has changed for anybody but the one who wrote.
"""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction

from lyhord.accounts.models import KeptForm
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.errors import NotFound
from lyhord.core.text import clean_text

KEPT_FOR = timedelta(days=7)
MOST_KEPT = 20
"""Of one person; the oldest go."""
LONGEST = 200_000
"""Characters in all: far more than anybody writes in a form."""
FROM_KEPT = "kvar"
"""The field by which a form that was kept says which one it is."""


@transaction.atomic
def keep_form(*, path: str, fields: Sequence[tuple[str, str]], by: Actor) -> KeptForm | None:
    """Keep what somebody sent, for them; None when it is larger than any form of ours."""
    if by.id is None:
        raise NotFound
    if sum(len(name) + len(value) for name, value in fields) > LONGEST:
        return None
    told = [[clean_text(name, one_line=True), clean_text(value)] for name, value in fields]
    kept = KeptForm.objects.create(user_id=by.id, path=path, fields=told, at=now())
    older = KeptForm.objects.filter(user_id=by.id).order_by("-pk").values_list("pk", flat=True)[MOST_KEPT:]
    KeptForm.objects.filter(pk__in=list(older)).delete()
    return kept


@transaction.atomic
def forget_form(*, kept_id: int, by: Actor) -> None:
    """It has been sent, or is not wanted any more; what is not theirs stays."""
    KeptForm.objects.filter(pk=kept_id, user_id=by.id or 0).delete()
