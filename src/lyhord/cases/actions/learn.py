"""The type suggestion learns from what people in the organisation decided."""

from django.db import transaction

from lyhord.audit.actions import record
from lyhord.cases.models import Case, CaseType, SuggestionModel
from lyhord.cases.suggestion import build_model
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.tenancy import require_organisation_id

NEWEST = 8000


@transaction.atomic
def train_suggestions(*, by: Actor) -> SuggestionModel:
    """Make the model anew from the descriptions and the newest cases that somebody has handled.

    Cases that are confidential or about protected people are left out: words of theirs must not end up in a model.
    """
    types = CaseType.objects.filter(active=True, current__isnull=False).select_related("current")
    handled = Case.objects.filter(open=False, confidential=False, protected=False).exclude(state="duplicate")
    examples = list(handled.order_by("-pk").values_list("text", "case_type__code")[:NEWEST])
    content = build_model([case_type.current.description for case_type in types if case_type.current], examples)
    organisation_id = require_organisation_id()
    model, _new = SuggestionModel.objects.update_or_create(
        organisation_id=organisation_id,
        defaults={"content": content, "trained_at": now(), "cases": len(examples)},
    )
    record(
        verb="suggestions.trained",
        subject_type="organisation",
        subject_id=organisation_id,
        by=by,
        data={"cases": len(examples)},
        level=1,
    )
    return model
