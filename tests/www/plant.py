"""Plants something of everything in an organisation, in words that occur nowhere else, and walks all addresses."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from lyhord.accounts.form_actions import keep_form
from lyhord.accounts.issuer_actions import set_issuer, tie_subject
from lyhord.accounts.models import Membership, User
from lyhord.cases import actions
from lyhord.cases.facts import NewReporter
from lyhord.cases.models import Case, CaseType, Photo, RuleSet
from lyhord.cases.states import State
from lyhord.collaboration import actions as collaboration
from lyhord.collaboration.models import Group, Offer, PoolEntry
from lyhord.core.clock import now, today
from lyhord.core.tenancy import organisation_scope
from lyhord.engagement import actions as engagement
from lyhord.engagement.actions import OpeningValues, Said
from lyhord.exchange.actions import WebhookValues, add_webhook, ping
from lyhord.exchange.models import ChangeKind, ChangeState, Link, Outgoing
from lyhord.exchange.system_actions import save_system
from lyhord.files.models import StoredFile
from lyhord.following import profile_actions
from lyhord.following.facts import Facts
from lyhord.following.models import Follow, Match, News, Role
from lyhord.following.rule import Rule
from lyhord.intake.arrivals import keep_mail, mark_failed
from lyhord.intake.clients import create_key
from lyhord.intake.draft_actions import add_draft
from lyhord.intake.facebook_actions import set_page
from lyhord.intake.models import Arrival
from lyhord.matters.actions.sources import save_source
from lyhord.matters.models import Body, Document, Item, Meeting
from lyhord.notifications import delivery
from lyhord.notifications.contact_actions import contact_for
from lyhord.notifications.models import Contact, Notice
from lyhord.organisations.inlet_actions import set_inlet
from lyhord.organisations.models import Organisation, Unit
from lyhord.organisations.queries import forget_hosts
from lyhord.residents.provider_actions import keep_description, set_provider
from tests import factories
from tests.matters.papers import read
from tests.notifications.device import Device

NOTE, SECRET = "zxintern", "zxsekretess"  # in internal notes; in the case of a confidential unit
PROTECTED = ("zxulla", "zxhemlig", "zxskyddad.example", "0709-887766", "58.512345", "15.098765", "zxdolda")
"""Name, surname, host of the mail address, phone, position and street of somebody with protected identity."""


@dataclass
class Planted:
    """What the addresses may name, by the name of the parameter (and of the form field)."""

    organisation: Organisation
    mark: str
    ids: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    """Follow codes: of the published case, of the protected person's, of the confidential unit's."""
    pages: list[str] = field(default_factory=list)
    """What a walk visits besides all addresses: the same page about something else."""


def plant(organisation: Organisation, mark: str, officer: User) -> Planted:
    """Something of everything; `mark` is in every name and text that is not meant for a test of its own."""
    planted = Planted(organisation, mark)
    with organisation_scope(organisation.pk):
        unit = factories.make_unit(f"{mark}enhet", f"Enhet {mark}")
        category = factories.make_category(f"{mark}omrade", f"Område {mark}", unit=unit)
        case_type = factories.make_type(
            f"{mark}.sort",
            "felanmalan",
            f"Sort {mark}",
            category=category,
            words=[mark],
            questions=[{"code": "fraga", "label": {"sv": f"Fråga {mark}"}, "datatype": "text"}],
        )
        square = [[15.0, 58.5], [15.1, 58.5], [15.1, 58.6], [15.0, 58.6], [15.0, 58.5]]
        factories.make_area("district", f"{mark}del", f"Del {mark}", square)
    member = factories.make_member(
        organisation, f"person@{mark}.example", f"Person {mark}", "case_officer", unit.code, "gata-park"
    )
    _shared_queue(planted)
    with organisation_scope(organisation.pk):
        shown = _shown(planted, case_type, officer)
        _waiting(planted)
        _secret(planted, officer)
        _protected(planted, officer)
        _webhook(planted)
        _page(planted)
        _case_system(planted)
        _mail(planted)
        _papers(planted)
        actions.save_draft(case_id=shown.pk, text=f"Utkast {mark}", internal=False, by=officer.actor)
        path, fields = f"/desk/{planted.ids['review_id']}/svara/", [("text", f"Kvar {mark}"), ("to", "internal")]
        kept = keep_form(path=path, fields=fields, by=officer.actor)
        assert kept is not None
        notice = Notice.objects.filter(subject_id=shown.pk).order_by("pk")[0]
        delivery.failed(notice.pk, error="550 no")
        RuleSet.objects.create(number=1, rules=[{"unit": unit.code}], created_at=now(), published_at=now())
        planted.ids |= {
            "notice_id": notice.pk,
            "kept_id": kept.pk,
            "asset_id": factories.make_asset(f"{mark}-1", f"Stolpe {mark}").pk,
            "unit_id": unit.pk,
            "category_id": category.pk,
            "type_id": case_type.pk,
            "membership_id": Membership.objects.get(user=member).pk,
            "user_id": member.pk,
            "key_id": create_key(client=f"Nyckel {mark}", by=factories.TEST)[0].pk,
            "unit_code": unit.code,
            "category_code": category.code,
            "type_code": case_type.code,
            "question": "fraga",
        }
    return planted


def _reporter(mark: str) -> NewReporter:
    return NewReporter(name=f"Namn {mark}", email=f"namn@{mark}.example", phone=f"070-{mark}")


def _file(organisation: Organisation) -> StoredFile:
    """A picture as `keep_photo` leaves it, without the time that cleaning takes."""
    key = f"photos/{organisation.pk}/{uuid4()}"
    for size in ("large", "small"):
        default_storage.save(f"{key}/{size}.jpg", ContentFile(b"picture"))
    return StoredFile.objects.create(
        key=key, sha256=uuid4().bytes, kind="jpeg", width=8, height=8, size=7, created_at=now()
    )


def _shown(planted: Planted, case_type: CaseType, officer: User) -> Case:
    """A published case with everything in it, that somebody follows, and another one merged into it."""
    organisation, mark = planted.organisation, planted.mark
    made = factories.make_case(
        organisation,
        f"Text {mark}",
        type=case_type.code,
        reporter=_reporter(mark),
        wants_feedback=True,
        publish=True,
        place_text=f"Plats {mark}",
        photos=(_file(organisation),),
        answers={"fraga": f"Svar {mark}"},
    )
    pk, by = made.case.pk, officer.actor
    actions.note(case_id=pk, text=f"Anteckning {NOTE} {mark}", by=by, photos=(_file(organisation),))
    actions.reply(case_id=pk, text=f"Svar {mark}", by=by)
    actions.resident_writes(case_id=pk, text=f"Mer {mark}", by=factories.TEST, channel="web")
    until = today() + timedelta(days=9)
    actions.change_state(case_id=pk, to=State.PLANNED, reason=f"Skäl {mark}", until=until, by=by)
    photo = Photo.objects.filter(case_id=pk, internal=False)[0]
    actions.publish(case_id=pk, title=f"Rubrik {mark}", text=f"Text {mark}", photo_ids=[photo.pk], warned=True, by=by)
    follow = actions.follow_case(case_id=pk, address=f"foljare@{mark}.example", language="sv", by=factories.TEST)
    actions.confirm_follow(token=follow.token, by=factories.TEST)
    device = _device(pk, mark)
    merged = factories.make_case(organisation, f"Samma {mark}", type=case_type.code, reporter=_reporter(mark)).case
    actions.merge(case_id=merged.pk, into_number=made.case.number, by=by)
    planted.codes["shown"] = made.code
    planted.ids |= {
        "case_id": pk,
        "merged_id": merged.pk,
        "number": made.case.number,
        "code": made.code,
        "token": follow.token,
        "device": device,
        "contact_token": follow.contact.token,
        "follow_id": follow.pk,
        "way_id": Follow.objects.filter(subject_id=pk, role=Role.REPORTER).order_by("pk")[0].pk,
        "uid": photo.file.uid,
        "draft_uid": _file(organisation).uid,
        "internal_uid": Photo.objects.select_related("file").get(case_id=pk, internal=True).file.uid,
        "photo_id": photo.pk,
    }
    return made.case


def _device(case_id: int, mark: str) -> UUID:
    """A browser that is told of the case."""
    given = Device(f"https://{mark}.example/push/{case_id}").subscription
    follow = actions.push_reporter(
        case_id=case_id,
        endpoint=given["endpoint"],
        key=given["keys"]["p256dh"],
        secret=given["keys"]["auth"],
        language="sv",
        by=factories.TEST,
    )
    return UUID(follow.address)


def _waiting(planted: Planted) -> None:
    made = factories.make_case(planted.organisation, f"Granska {planted.mark}", publish=True)
    planted.ids |= {"review_id": made.case.pk, "review_number": made.case.number}


def _secret(planted: Planted, officer: User) -> None:
    """A case of the confidential preschool, which came by another unit."""
    made = factories.make_case(
        planted.organisation,
        f"Text {SECRET} {planted.mark}",
        reporter=NewReporter(name=f"Namn {SECRET}", email=f"namn@{SECRET}.example"),
        wants_feedback=True,
        publish=True,
        place_text=f"Plats {SECRET}",
        photos=(_file(planted.organisation),),
    )
    preschool = Unit.objects.get(code="forskola")
    actions.move(case_id=made.case.pk, unit_id=preschool.pk, reason=f"Gäller ett barn {SECRET}", by=officer.actor)
    actions.note(case_id=made.case.pk, text=f"Anteckning {SECRET}", by=officer.actor)
    planted.codes["secret"] = made.code
    planted.ids |= {
        "secret_id": made.case.pk,
        "secret_number": made.case.number,
        "secret_uid": Photo.objects.select_related("file").get(case=made.case).file.uid,
    }


def _protected(planted: Planted, officer: User) -> None:
    """Somebody with protected identity, whose name everybody has written somewhere."""
    made = factories.make_case(
        planted.organisation,
        "Jag heter Zxulla Zxhemlig och bor på Zxdolda vägen 3, ring 0709-887766. Zxulla",
        reporter=NewReporter(
            name="Zxulla Zxhemlig", email="post@zxskyddad.example", phone="0709-887766", protected=True
        ),
        wants_feedback=True,
        publish=True,
        place_text="Zxdolda vägen 3",
        at=(58.512345, 15.098765),
    )
    pk = made.case.pk
    _device(pk, planted.mark)
    actions.reply(case_id=pk, text="Hej Zxulla! Vi kommer till Zxdolda vägen.", by=officer.actor)
    actions.note(case_id=pk, text="Zxulla Zxhemlig ringde.", by=officer.actor)
    actions.resident_writes(case_id=pk, text="Det är Zxulla igen.", by=factories.TEST, channel="web")
    plan = {"reason": "Ring Zxulla Zxhemlig först", "until": today() + timedelta(days=3)}
    actions.change_state(case_id=pk, to=State.WAITING, by=officer.actor, **plan)  # type: ignore[arg-type]  # by name
    delivery.failed(Notice.objects.filter(subject_id=pk).order_by("pk")[0].pk, error="550 <post@zxskyddad.example>")
    planted.codes["protected"] = made.code
    planted.ids |= {
        "protected_contact": Contact.objects.get(address="post@zxskyddad.example").token,
        "protected_token": Follow.objects.get(subject_id=pk, contact__sender="email").token,
        "protected_id": pk,
        "protected_number": made.case.number,
    }


def _page(planted: Planted) -> None:
    """The organisation's page on Facebook."""
    number = str(10_000_000 + planted.organisation.pk)
    set_page(page_id=number, secret="0123456789abcdef" * 2, active=True, by=factories.TEST)


def _webhook(planted: Planted) -> None:
    """Another system that is told, and what it was to be told; a service that says who somebody is."""
    mark = planted.mark
    values = WebhookValues(name=f"System {mark}", url=f"https://{mark}.example/hook", events=["case.registered"])
    webhook = add_webhook(values=values, by=factories.TEST)
    sent = ping(webhook_id=webhook.pk, by=factories.TEST)
    issuer = set_issuer(issuer=f"https://{mark}.example", audience=mark, by=factories.TEST)
    member = Membership.objects.order_by("pk")[0].pk
    tied = tie_subject(issuer_id=issuer.pk, subject=f"Namn {mark}", membership_id=member, by=factories.TEST)
    provider = set_provider(
        provider_id=None,
        label=f"Legitimation {mark}",
        issuer=f"https://{mark}.example",
        client_id=mark,
        secret=mark,
        levels="",
        active=True,
        by=factories.TEST,
    )
    about = {name: f"https://{mark}.example/{name}" for name in ("authorization_endpoint", "token_endpoint")}
    keep_description(provider_id=provider.pk, about=about, keys=[{"kid": mark}], by=factories.TEST)
    planted.ids["provider_id"] = provider.pk
    planted.ids |= {"webhook_id": webhook.pk, "delivery_id": sent.pk, "issuer_id": issuer.pk, "subject_id": tied.pk}


def _case_system(planted: Planted) -> None:
    """A case system of the organisation's own, and what did not come there."""
    mark = planted.mark
    system = save_system(
        name=f"Verksamhet {mark}",
        adapter="rt",
        settings={"url": f"https://{mark}.example", "user": mark},
        secret=mark,
        mapping={"types": {"*": f"Kö {mark}"}},
        by=factories.TEST,
    )
    case = Case.objects.get(pk=planted.ids["case_id"])
    link = Link.objects.create(system=system, case=case, remote_id=f"r{mark}", created_at=now(), linked_at=now())
    lost = Outgoing.objects.create(
        link=link,
        kind=ChangeKind.INTERNAL,
        happened_at=now(),
        state=ChangeState.FAILED,
        error=f"refused: Nej {mark}",
    )
    planted.ids |= {"system_id": system.pk, "outgoing_id": lost.pk}


def _mail(planted: Planted) -> None:
    """Mail that came and nobody has decided about: about the published case, the secret one, the protected person's."""
    mark, organisation = planted.mark, planted.organisation
    inlet = set_inlet(channel="email", address=f"kontakt@{mark}.example", trusted=True, by=factories.TEST)
    drafts = []
    for case_id, word in (
        ("case_id", mark),
        ("secret_id", SECRET),
        ("protected_id", "Zxulla Zxhemlig, Zxdolda vägen 3"),
    ):
        case = Case.objects.get(pk=planted.ids[case_id])
        raw = f"From: Namn {mark} <namn@{mark}.example>\nSubject: {word}\n\nVar bor {word}?".encode()
        arrival = keep_mail(inlet=inlet, raw=raw, recipients=[inlet.address], by=factories.TEST)
        draft = add_draft(
            channel="email",
            reason="number",
            arrival=arrival,
            linked=case,
            name=f"Namn {word}",
            email=f"namn@{mark}.example",
            subject=f"Ang {word}",
            text=f"Var bor {word}?",
            photos=[_file(organisation)],
            by=factories.TEST,
        )
        values = {"outcome": "draft", "state": "handled", "private": draft.confidential or draft.protected}
        Arrival.objects.filter(pk=arrival.pk).update(**values)
        drafts.append(draft)
    failed = keep_mail(inlet=inlet, raw=f"X: {mark}\n\n".encode(), recipients=[], by=factories.TEST)
    mark_failed(arrival_id=failed.pk, reason="empty", by=factories.TEST)
    planted.ids |= {"draft_id": drafts[0].pk, "arrival_id": failed.pk, "inlet_id": inlet.pk}
    planted.ids |= {"secret_draft_id": drafts[1].pk, "protected_draft_id": drafts[2].pk}


def _papers(planted: Planted) -> None:
    """Minutes of a board, and two matters in them, one of them in two items, where matters are turned on."""
    mark, organisation = planted.mark, planted.organisation
    features = {**organisation.features, "matters": True, "engagement": True}
    Organisation.objects.filter(pk=organisation.pk).update(features=features)
    forget_hosts()
    text = "\n".join(
        f"§ {number} Dnr KS 2026/{serial}\nRubrik {mark}\n\nBeslut\nNämnden beslutar att bifalla {mark}.\n"
        for number, serial in ((7, 412), (8, 412), (9, 413))
    )
    read(f"{mark.title()}nämnden", "2026-10-06", text)
    planted.ids |= {
        "matter_id": Item.objects.get(number=7).matter_id,
        "item_id": Item.objects.get(number=7).pk,
        "other_matter_id": Item.objects.get(number=9).matter_id,
        "source_id": save_source(
            kind="file_drop", name=f"Mapp {mark}", config={"folder": mark}, interval_minutes=60, by=factories.TEST
        ).pk,
        "meeting_id": Meeting.objects.get().pk,
        "document_id": Document.objects.get().pk,
        "body_code": Body.objects.get().code,
    }
    _alert(planted)
    _opening(planted)


def _opening(planted: Planted) -> None:
    """Ideas about the first matter, one of them shown and supported; and the first step of a plan."""
    mark, matter_id = planted.mark, planted.ids["matter_id"]
    values = OpeningValues(question=f"Fråga {mark}", text=f"Mer {mark}")
    row = engagement.save_opening(matter_id=matter_id, mechanism="idea", values=values, by=factories.TEST)
    engagement.switch_opening(opening_id=row.pk, state="open", by=factories.TEST)
    for number, word in enumerate(("visad", "väntar")):
        said = Said(key=bytes([number]) * 16, text=f"Idé {word} {mark}")
        act = engagement.take_part(opening_id=row.pk, said=said, by=factories.TEST)
        if not number:
            engagement.review(
                act_id=act.pk, show=True, text=f"Idé {word} {mark}", answer=f"Svar {mark}", by=factories.TEST
            )
            engagement.support(act_id=act.pk, device=b"d" * 16, by=factories.TEST)
            planted.ids["act_id"] = act.pk
    steps = engagement.make_plan(matter_id=matter_id, method="dialogue", starts_on=today(), by=factories.TEST)
    planted.ids |= {"opening_id": row.pk, "step_id": steps[0].pk}


def _alert(planted: Planted) -> None:
    """Somebody's alert, and news of the first matter in it."""
    contact = contact_for(sender="email", address=f"{planted.mark}-bevakar@exempel.se", language="sv")
    rule = Rule(words=(planted.mark,))
    alert = profile_actions.create(contact=contact, name=f"Hemma {planted.mark}", rule=rule, level=1, by=factories.TEST)
    profile_actions.confirm(token=alert.token, by=factories.TEST)
    organisation_id, matter_id = planted.organisation.pk, planted.ids["matter_id"]
    news = News.objects.create(
        organisation_id=organisation_id,
        event_id=10**9 + alert.pk,
        subject_type="matter",
        subject_id=matter_id,
        title=f"Rubrik {planted.mark}",
        path=f"/beslut/{matter_id}/",
        level=3,
        at=now(),
        facts=Facts().as_json(),
    )
    Match.objects.create(organisation_id=organisation_id, news_id=news.pk, profile_id=alert.pk)
    planted.ids |= {"alert_token": alert.token, "news_id": news.pk}


def _shared_queue(planted: Planted) -> None:
    """A group with a neighbour; each has asked the other about a case."""
    mark = planted.mark
    neighbour = factories.make_organisation(f"{mark}-granne", name=f"Granne {mark}")
    collaboration.gather(name=f"Grupp {mark}", members=[planted.organisation, neighbour], by=factories.TEST)
    for giver in (planted.organisation, neighbour):
        made = factories.make_case(giver, f"Delat {mark}", reporter=_reporter(mark), place_text=f"Plats {mark}")
        with organisation_scope(giver.pk):
            collaboration.offer(
                case_id=made.case.pk,
                group_id=Group.objects.get().pk,
                reason=f"Fråga {mark}",
                title=f"Delat {mark}",
                text=f"Delat {mark}",
                by=factories.TEST,
            )
    with organisation_scope(planted.organisation.pk):
        planted.ids |= {
            "entry_id": PoolEntry.objects.get().pk,
            "group_id": Group.objects.get().pk,
            "shared_id": Offer.objects.get().case_id,
        }
