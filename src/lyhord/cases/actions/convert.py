"""A case turns out to be something else: a complaint that is a fault report, a lamp that is a sign."""

from django.db import transaction
from django.utils.translation import gettext as _

from lyhord.cases.actions.changes import close_publication, lock, log, new_state, save
from lyhord.cases.answers import answers_from_json, answers_in_words
from lyhord.cases.kind import KINDS
from lyhord.cases.models import Case, CaseType, Message, Side
from lyhord.cases.states import State
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.errors import Invalid


@transaction.atomic
def convert(*, case_id: int, type_code: str, by: Actor, revision: int | None = None) -> Case:
    """Give the case another type, and its kind with it. Number, texts, answers and history stay.

    What was answered to the old type's questions becomes a note among staff, since the new type asks other ones.
    The unit stays too: whoever converts moves it if it should go elsewhere. The deadline does not grow: what was
    promised stands. A case that was kept close stays so until it is moved.
    """
    case = lock(case_id, revision=revision)
    new_type = CaseType.objects.select_related("current", "category").filter(code=type_code, active=True).first()
    if new_type is None or new_type.current is None:
        raise Invalid({"case_type": _("Välj vad ärendet gäller.")})
    if new_type.pk == case.case_type_id:
        raise Invalid({"case_type": _("Ärendet är redan av den sorten.")})
    old_type, old_name, old_kind = case.case_type.code, case.version.description.title("sv"), case.kind
    _keep_answers(case, by)
    state = case.state
    case.case_type, case.version, case.kind = new_type, new_type.current, new_type.kind
    fields = ["case_type", "version", "kind"]
    if new_type.category:
        case.category = new_type.category
        fields.append("category")
    nearest = KINDS.get(new_type.kind).nearest(State(case.state))
    if nearest != case.state:
        case.state, case.state_reason, case.state_until, case.responsible = nearest, "", None, ""
        fields += ["state", "state_reason", "state_until", "responsible"]
    description = new_type.current.description
    if description.confidential:
        case.confidential = True
        fields.append("confidential")
    if description.confidential or not description.publication.allowed:
        fields += close_publication(case, by=by)
    save(case, *fields)
    log(
        case,
        "converted",
        by,
        before=old_type,
        after=type_code,
        before_name=old_name,
        after_name=description.title("sv"),
        before_kind=old_kind,
        after_kind=new_type.kind,
        **new_state(case, state),
    )
    return case


def _keep_answers(case: Case, by: Actor) -> None:
    description = case.version.description
    answered = answers_in_words(description, answers_from_json(description, case.answers), "sv")
    if not answered:
        return
    heading = _("Svaren på frågorna om ”%(name)s”, innan ärendet fick en annan sort:") % {
        "name": description.title("sv")
    }
    text = "\n".join([heading, *(f"{question} {answer}" for question, answer in answered)])
    Message.objects.create(
        organisation_id=case.organisation_id,
        case=case,
        side=Side.INTERNAL,
        author_id=by.id if by.kind == "person" else None,
        author_label=by.label,
        text=text,
        channel="desk",
        at=now(),
    )
