"""A case turns out to be something else: a complaint that is a fault report, a lamp that is a sign."""

from django.db import transaction
from django.utils.translation import gettext as _

from lyhord.cases.actions.changes import lock, log, save
from lyhord.cases.kind import KINDS
from lyhord.cases.models import Case, CaseType
from lyhord.cases.states import State
from lyhord.core.actor import Actor
from lyhord.core.errors import Invalid


@transaction.atomic
def convert(*, case_id: int, type_code: str, by: Actor, revision: int | None = None) -> Case:
    """Give the case another type, and its kind with it. Number, texts, answers and history stay.

    The unit stays too: whoever converts moves it if it should go elsewhere. The deadline does not grow: what was
    promised stands.
    """
    case = lock(case_id, revision=revision)
    new_type = CaseType.objects.select_related("current", "category").filter(code=type_code, active=True).first()
    if new_type is None or new_type.current is None:
        raise Invalid({"case_type": _("Välj vad ärendet gäller.")})
    if new_type.pk == case.case_type_id:
        raise Invalid({"case_type": _("Ärendet är redan av den sorten.")})
    before_type, before_kind = CaseType.objects.get(pk=case.case_type_id).code, case.kind
    case.case_type, case.version, case.kind = new_type, new_type.current, new_type.kind
    fields = ["case_type", "version", "kind"]
    if new_type.category:
        case.category = new_type.category
        fields.append("category")
    nearest = KINDS.get(new_type.kind).nearest(State(case.state))
    if nearest != case.state:
        case.state = nearest
        fields.append("state")
    description = new_type.current.description
    closed = description.confidential or not description.publication.allowed
    if description.confidential:
        case.confidential = True
        fields.append("confidential")
    if closed and case.publication_state in {Case.Published.REVIEW, Case.Published.PUBLISHED}:
        case.publication_state = Case.Published.CLOSED
        fields.append("publication_state")
    save(case, *fields)
    log(case, "converted", by, before=before_type, after=type_code, before_kind=before_kind, after_kind=new_type.kind)
    return case
