"""What the desk's case page shows (`desk/case.html`), gathered in a fixed number of queries."""

from collections.abc import Mapping
from functools import cache
from typing import Any
from uuid import uuid4

from django.urls import reverse
from django.utils.translation import gettext as _

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import Staff
from lyhord.cases import tongues, whole_case
from lyhord.cases.kind import KINDS
from lyhord.cases.models import Case, Draft, Message, Reporter, Side
from lyhord.cases.secrecy import Veil
from lyhord.cases.states import State
from lyhord.cases.ways import Way, ways_of
from lyhord.collaboration.queries import collaborates, open_offer
from lyhord.exchange.handover import hands_over, hindrance
from lyhord.intake.channel import CHANNELS
from lyhord.www.addresses import IMAGE, Address
from lyhord.www.desk import forms
from lyhord.www.desk.about import about
from lyhord.www.desk.deadline import deadline_of
from lyhord.www.desk.linked import panel
from lyhord.www.public.shown import PHOTO_SIZES
from lyhord.www.templatetags.look import clock_text, day_text


def case_context(
    staff: Staff,
    case: Case,
    *,
    here: str = "",
    failed: Mapping[str, forms.DeedForm] | None = None,
) -> dict[str, Any]:
    """The template's `case`. `failed` holds the forms that came back with something wrong, by name.

    `here` is the query string of the list beside the case, which every form carries along.
    """
    kind, state = KINDS.get(case.kind), State(case.state)
    failed = failed or {}
    handles = staff.may(Permission.HANDLE_CASES)
    opened = whole_case.opened(case, staff)
    reporter, merged = opened.reporter, opened.merged
    veil = Veil.over(staff, case, reporter)
    return {
        "id": case.pk,
        "number": case.number,
        "title": case.title,
        "title_language": tongues.of_title(case),
        "kind_label": kind.label,
        "state": state.value,
        "state_label": kind.sentence(state, reason=veil(case.state_reason), until=case.state_until)
        if state in {State.PLANNED, State.WAITING}
        else kind.words(state).staff,
        "state_icon": kind.words(state).icon,
        "deadline": deadline_of(case).chip,
        "became_good": bool(case.became_good),
        "protected": case.protected,
        "confidential": case.confidential,
        "messages": thread(case, opened, veil),
        "actions": deeds(staff, case, failed, here),
        "take_url": _url("assign", case, here) if handles and _can_take(staff, case) else "",
        "along_url": _url("take_along", case, here) if handles else "",
        "reply_url": _url("reply", case, here) if handles else "",
        "draft_url": _url("draft", case, "") if handles else "",
        **sharing(staff, case),
        "hand_over_url": _url("hand_over", case, "") if _may_hand_over(staff, case) else "",
        **reply_part(case, opened.draft, failed.get("reply")),
        "reply_to": reporter.name if reporter and reporter.name and not veil.on else _("invånaren"),
        "reply_hint": reply_hint(case, None if veil.on else reporter, merged, ways_of(case)),
        "templates": [],
        **about(staff, case, opened, veil),
        "systems": panel(staff, case, here),
    }


def _url(name: str, case: Case, here: str) -> str:
    url = _deed(name)(case.pk)
    return f"{url}?{here}" if here else url


@cache
def _deed(name: str) -> Address:
    return Address(f"desk:{name}", 1)


def sharing(staff: Staff, case: Case) -> dict[str, Any]:
    """The way to ask other municipalities, and whether they have been asked; nothing where that is not done."""
    secret = case.protected or case.confidential
    if secret or not case.open or not staff.may(Permission.ASSIGN_CASES) or not collaborates():
        return {"share_url": "", "shared": False}
    return {"share_url": _url("share", case, ""), "shared": open_offer(case) is not None}


def _may_hand_over(staff: Staff, case: Case) -> bool:
    return staff.may(Permission.ASSIGN_CASES) and hands_over() and hindrance(case) is None


def _can_take(staff: Staff, case: Case) -> bool:
    return case.open and case.officer_id != staff.user.pk


def thread(case: Case, opened: whole_case.Opened, veil: Veil) -> list[dict[str, Any]]:
    """The conversation, oldest first, notes among staff included."""
    by_message: dict[int | None, list[dict[str, str]]] = {}
    for photo in opened.photos:
        url, small = (IMAGE(photo.file.uid, size) for size in PHOTO_SIZES)
        shown = {"url": url, "thumbnail_url": small, "alt": veil(photo.alt)}
        by_message.setdefault(photo.message_id, []).append(shown)
    documents: dict[int | None, list[dict[str, Any]]] = {}
    for document in whole_case.documents(case):
        url = reverse("desk:document", args=[document.file.uid])
        shown_document = {"url": url, "name": veil(document.file.name), "size": document.file.size}
        documents.setdefault(document.message_id, []).append(shown_document)
    said: list[dict[str, Any]] = [
        {
            "author_label": _("Invånaren"),
            "at": case.registered_at,
            "text": veil(case.text),
            "language": case.language,
            "side": Side.RESIDENT.value,
            "photos": by_message.get(None, []),
            "documents": documents.get(None, []),
            "channel_label": channel_label(case.channel),
            "is_new": case.unread and case.waiting_since == case.registered_at,
        }
    ]
    for message in opened.messages:
        resident = message.side == Side.RESIDENT
        said.append(
            {
                "author_label": _("Invånaren") if resident else message.author_label or _("Kommunen"),
                "at": message.at,
                "text": veil(message.text),
                "language": _language(case, message),
                "side": message.side,
                "photos": by_message.get(message.pk, []),
                "documents": documents.get(message.pk, []),
                "channel_label": channel_label(message.channel) if resident else "",
                "is_new": bool(resident and case.unread and case.waiting_since and message.at >= case.waiting_since),
            }
        )
    return said


def channel_label(slug: str) -> str:
    """What the channel calls itself; its slug where it is no longer there."""
    channel = CHANNELS.find(slug)
    return str(channel.label) if channel else slug


def _language(case: Case, message: Message) -> str:
    if message.side == Side.INTERNAL:
        return tongues.HOUSE
    return case.language if message.side == Side.RESIDENT else tongues.of_answer(case)


def deeds(staff: Staff, case: Case, failed: Mapping[str, forms.DeedForm], here: str) -> list[dict[str, Any]]:
    """The forms under "Ändra läge", "Lämna över" and so on that the person may use."""
    if not staff.may(Permission.HANDLE_CASES):
        return []
    plan: list[tuple[type[forms.DeedForm], str, str, str, Permission, bool]] = [
        (forms.StateForm, _("Ändra läge"), "e", _("Ändra läge"), Permission.HANDLE_CASES, False),
        (forms.AskForm, _("Fråga"), "", _("Skicka frågan"), Permission.HANDLE_CASES, False),
        (forms.AssignForm, _("Handläggare"), "", _("Spara"), Permission.ASSIGN_CASES, False),
        (forms.MoveForm, _("Lämna över"), "", _("Lämna över"), Permission.ASSIGN_CASES, False),
        (forms.MergeForm, _("Slå ihop"), "", _("Slå ihop"), Permission.HANDLE_CASES, True),
        (forms.ConvertForm, _("Ändra sort"), "", _("Ändra sort"), Permission.CONVERT_CASES, True),
    ]
    if case.protected:
        lift = _("Ta bort skyddet")
        plan.append((forms.UnprotectForm, lift, "", lift, Permission.SEE_PROTECTED, True))
    else:
        shield = _("Skydda den som hörde av sig")
        plan.append((forms.ProtectForm, shield, "", shield, Permission.HANDLE_CASES, True))
    if case.duplicate_of_id:
        plan = [(forms.UnmergeForm, _("Ta isär igen"), "", _("Ta isär"), Permission.HANDLE_CASES, False)]
    return [
        {
            "slug": form.slug,
            "label": label,
            "key": key,
            "form": failed.get(form.slug) or form(case),
            "url": _url(form.slug, case, here),
            "submit_label": submit,
            "quiet": quiet,
            "open": form.slug in failed,
        }
        for form, label, key, submit, permission, quiet in plan
        if staff.may(permission) and _fits(form, case)
    ]


def _fits(form: type[forms.DeedForm], case: Case) -> bool:
    """Whether there is any sense in it as the case is."""
    if form is forms.AskForm:
        return bool(case.open and case.wants_feedback and State.WAITING in KINDS.get(case.kind).states)
    return bool(form is not forms.MergeForm or case.open)


def reply_part(case: Case, draft: Draft | None, failed: forms.DeedForm | None) -> dict[str, Any]:
    """The form to write in: as it came back, else with what the person had begun to write."""
    if isinstance(failed, forms.ReplyForm):
        return {"reply_form": failed, "draft_status": ""}
    start: dict[str, Any] = {"token": str(uuid4())}
    if draft:
        start |= {"text": draft.text, "to": "internal" if draft.internal else "public"}
    return {"reply_form": forms.ReplyForm(case, initial=start), "draft_status": draft_status(draft)}


def draft_status(draft: Draft | None) -> str:
    """ "Utkast sparat i dag 09.31." """
    if draft is None:
        return ""
    moment = f"{day_text(draft.saved_at)} {clock_text(draft.saved_at)}"
    return _("Utkast sparat %(moment)s.") % {"moment": moment}


def reply_hint(case: Case, reporter: Reporter | None, merged: list[Case], ways: list[Way]) -> str:
    """How an answer reaches the resident, and who else will read it or hear of it."""
    labels = sorted({way.label.lower() for way in ways if way.works})
    if case.protected and reporter is None:
        hint = _("Invånaren får veta att det finns ett svar, om vi har en adress.")
    elif labels:
        hint = _("Invånaren får besked när du svarar: %(ways)s.") % {"ways": ", ".join(labels)}
    elif ways:
        hint = _("Det vi skickar till invånaren kommer tillbaka till oss. Svaret går att läsa med koden.")
        if reporter and reporter.phone:
            hint += " " + _("Ring %(phone)s.") % {"phone": reporter.phone}
    elif case.wants_feedback and reporter and reporter.phone:
        hint = _("Ring %(phone)s: vi har ingen mejladress. Svaret går också att läsa med koden.") % {
            "phone": reporter.phone
        }
    else:
        hint = _("Invånaren läser svaret med sin kod. Vi har ingen adress att skicka till.")
    if merged:
        numbers = ", ".join(other.number for other in merged[:5])
        hint += " " + _("Samma svar går till dem som skrev %(numbers)s: skriv inget som bara rör en av dem.") % {
            "numbers": numbers
        }
    if case.followers:
        hint += " " + _("De som följer får veta att det finns något nytt.")
    return hint
