"""Who may open what: every settings page for every role and with others' ids; how many queries a page takes."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from lyhord.accounts.issuer_actions import set_issuer, tie_subject
from lyhord.accounts.models import Membership
from lyhord.accounts.permissions import Permission as P
from lyhord.accounts.roles import ROLES
from lyhord.cases.models import CaseType, Category, RuleSet
from lyhord.collaboration.actions import found_group
from lyhord.core.clock import now, today
from lyhord.core.tenancy import organisation_scope
from lyhord.engagement import actions as engagement
from lyhord.engagement.actions import OpeningValues
from lyhord.exchange.actions import WebhookValues, add_webhook, ping
from lyhord.exchange.system_actions import save_system
from lyhord.intake.clients import create_key
from lyhord.matters.actions.sources import save_source
from lyhord.matters.models import Matter
from lyhord.organisations.inlet_actions import set_inlet
from lyhord.organisations.models import Organisation, Unit
from lyhord.residents.provider_actions import set_provider
from lyhord.www.manage.urls import urlpatterns
from tests import factories
from tests.conftest import Cast
from tests.matters.papers import read
from tests.www.manage.conftest import Browse

pytestmark = pytest.mark.django_db


@dataclass
class Page:
    """One address: what it needs, its ids, whether it only takes POST, and how many queries it may take."""

    name: str
    needs: P | None
    ids: dict[str, Any] = field(default_factory=dict)
    post: bool = False
    queries: int = 0


ORGANISATION, PEOPLE, TYPES = P.MANAGE_ORGANISATION, P.MANAGE_PEOPLE, P.MANAGE_CASE_TYPES
PAGES = [
    Page("index", None, queries=8),
    Page("look", ORGANISATION, queries=9),
    Page("app", ORGANISATION, queries=9),
    Page("embedding", ORGANISATION, queries=9),
    Page("facebook", ORGANISATION, queries=9),
    Page("own_words", ORGANISATION, queries=9),
    Page("publication", ORGANISATION, queries=11),
    Page("category_publication", ORGANISATION, {"category_id": "category"}, post=True),
    Page("inlets", ORGANISATION, queries=10),
    Page("mail_server", ORGANISATION, queries=9),
    Page("inlet", ORGANISATION, {"inlet_id": "inlet"}, queries=10),
    Page("delete_inlet", ORGANISATION, {"inlet_id": "inlet"}, post=True),
    Page("texts", ORGANISATION, queries=9),
    Page("try_text", ORGANISATION, post=True),
    Page("renew_text_key", ORGANISATION, post=True),
    Page("units", ORGANISATION, queries=11),
    Page("new_unit", ORGANISATION, queries=9),
    Page("unit", ORGANISATION, {"unit_id": "unit"}, queries=12),
    Page("delete_unit", ORGANISATION, {"unit_id": "unit"}, post=True),
    Page("areas", ORGANISATION, queries=10),
    Page("import_areas", ORGANISATION, post=True),
    Page("streets", ORGANISATION, post=True),
    Page("import_streets", ORGANISATION, post=True),
    Page("signs", ORGANISATION, queries=9),
    Page("import_signs", ORGANISATION, post=True),
    Page("sign_sheet", ORGANISATION, queries=9),
    Page("sign", ORGANISATION, {"asset_id": "asset"}, queries=8),
    Page("people", PEOPLE, queries=12),
    Page("new_person", PEOPLE, queries=9),
    Page("import_people", PEOPLE, queries=8),
    Page("import_shown_people", PEOPLE, post=True),
    Page("person", PEOPLE, {"membership_id": "member"}, queries=13),
    Page("end_person", PEOPLE, {"membership_id": "member"}, post=True),
    Page("types", TYPES, queries=10),
    Page("new_type", TYPES, queries=9),
    Page("types_from_preset", TYPES, post=True),
    Page("new_category", TYPES, queries=9),
    Page("category", TYPES, {"category_id": "category"}, queries=10),
    Page("type", TYPES, {"type_id": "type"}, queries=12),
    Page("type_edit", TYPES, {"type_id": "type"}, queries=12),
    Page("type_advanced", TYPES, {"type_id": "type"}, queries=10),
    Page("type_active", TYPES, {"type_id": "type"}, post=True),
    Page("type_discard", TYPES, {"type_id": "type"}, post=True),
    Page("type_questions", TYPES, {"type_id": "type"}, queries=10),
    Page("new_question", TYPES, {"type_id": "type"}, queries=10),
    Page("question", TYPES, {"type_id": "type", "code": "danger"}, queries=10),
    Page("move_question", TYPES, {"type_id": "type", "code": "danger"}, post=True),
    Page("type_version", TYPES, {"type_id": "type", "number": 1}, queries=13),
    Page("type_try", TYPES, {"type_id": "type", "number": 1}, queries=17),
    Page("type_publish", TYPES, {"type_id": "type", "number": 1}, post=True),
    Page("type_back", TYPES, {"type_id": "type", "number": 1}, post=True),
    Page("rules", TYPES, queries=15),
    Page("new_rule", TYPES, queries=14),
    Page("rule", TYPES, {"index": 0}, queries=14),
    Page("move_rule", TYPES, {"index": 0}, post=True),
    Page("rules_try", TYPES, queries=17),
    Page("rules_publish", TYPES, post=True),
    Page("rules_discard", TYPES, post=True),
    Page("rules_back", TYPES, {"number": 1}, post=True),
    Page("groups", ORGANISATION, queries=9),
    Page("new_group", ORGANISATION, post=True),
    Page("invite_to", ORGANISATION, {"group_id": "group"}, post=True),
    Page("accept_group", ORGANISATION, {"group_id": "group"}, post=True),
    Page("leave_group", ORGANISATION, {"group_id": "group"}, post=True),
    Page("sources", ORGANISATION, queries=9),
    Page("new_source", ORGANISATION, {"slug": "file_drop"}, queries=8),
    Page("source", ORGANISATION, {"source_id": "source"}, queries=8),
    Page("try_source", ORGANISATION, {"source_id": "source"}, post=True),
    Page("switch_source", ORGANISATION, {"source_id": "source"}, post=True),
    Page("paper", ORGANISATION, queries=9),
    Page("matters", ORGANISATION, queries=9),
    Page("matter", ORGANISATION, {"matter_id": "matter"}, queries=12),
    Page("merge_matter", ORGANISATION, {"matter_id": "matter"}, post=True),
    Page("split_matter", ORGANISATION, {"matter_id": "matter"}, post=True),
    Page("matter_stage", ORGANISATION, {"matter_id": "matter"}, post=True),
    Page("link_case", ORGANISATION, {"matter_id": "matter"}, post=True),
    Page("new_matter", ORGANISATION, queries=8),
    Page("openings", ORGANISATION, {"matter_id": "matter"}, queries=22),
    Page("new_opening", ORGANISATION, {"matter_id": "matter", "slug": "poll"}, queries=9),
    Page("opening", ORGANISATION, {"matter_id": "matter", "opening_id": "opening"}, queries=11),
    Page("switch_opening", ORGANISATION, {"matter_id": "matter", "opening_id": "opening"}, post=True),
    Page("opening_outcome", ORGANISATION, {"matter_id": "matter", "opening_id": "opening"}, post=True),
    Page("opening_document", ORGANISATION, {"matter_id": "matter", "opening_id": "opening"}, queries=13),
    Page("make_plan", ORGANISATION, {"matter_id": "matter"}, post=True),
    Page("change_step", ORGANISATION, {"matter_id": "matter", "step_id": "step"}, post=True),
    Page("evaluation", ORGANISATION, {"matter_id": "matter", "slug": "dialogue"}, queries=9),
    Page("keys", ORGANISATION, queries=8),
    Page("new_key", ORGANISATION, post=True),
    Page("renew_key", ORGANISATION, {"key_id": "key"}, post=True),
    Page("revoke_key", ORGANISATION, {"key_id": "key"}, post=True),
    Page("providers", P.MANAGE_ISSUERS, queries=9),
    Page("new_provider", P.MANAGE_ISSUERS, queries=9),
    Page("new_saml_provider", P.MANAGE_ISSUERS, queries=9),
    Page("provider", P.MANAGE_ISSUERS, {"provider_id": "provider"}, queries=10),
    Page("fetch_provider", P.MANAGE_ISSUERS, {"provider_id": "provider"}, post=True),
    Page("remove_provider", P.MANAGE_ISSUERS, {"provider_id": "provider"}, post=True),
    Page("issuers", P.MANAGE_ISSUERS, queries=9),
    Page("new_issuer", P.MANAGE_ISSUERS, queries=9),
    Page("try_token", P.MANAGE_ISSUERS, post=True),
    Page("issuer", P.MANAGE_ISSUERS, {"issuer_id": "issuer"}, queries=11),
    Page("fetch_issuer", P.MANAGE_ISSUERS, {"issuer_id": "issuer"}, post=True),
    Page("tie_subject", P.MANAGE_ISSUERS, {"issuer_id": "issuer"}, post=True),
    Page("untie_subject", P.MANAGE_ISSUERS, {"issuer_id": "issuer", "subject_id": "subject"}, post=True),
    Page("remove_issuer", P.MANAGE_ISSUERS, {"issuer_id": "issuer"}, post=True),
    Page("systems", ORGANISATION, queries=10),
    Page("new_system", ORGANISATION, queries=8),
    Page("system", ORGANISATION, {"system_id": "system"}, queries=11),
    Page("switch_system", ORGANISATION, {"system_id": "system"}, post=True),
    Page("check_system", ORGANISATION, {"system_id": "system"}, post=True),
    Page("knock_secret", ORGANISATION, {"system_id": "system"}, post=True),
    Page("backfill_system", ORGANISATION, {"system_id": "system"}, post=True),
    Page("webhooks", ORGANISATION, queries=9),
    Page("new_webhook", ORGANISATION, queries=8),
    Page("webhook", ORGANISATION, {"webhook_id": "webhook"}, queries=10),
    Page("ping_webhook", ORGANISATION, {"webhook_id": "webhook"}, post=True),
    Page("resend_webhook", ORGANISATION, {"webhook_id": "webhook"}, post=True),
    Page("resume_webhook", ORGANISATION, {"webhook_id": "webhook"}, post=True),
    Page("webhook_secret", ORGANISATION, {"webhook_id": "webhook"}, post=True),
    Page("delete_webhook", ORGANISATION, {"webhook_id": "webhook"}, post=True),
    Page("delivery", ORGANISATION, {"delivery_id": "delivery"}, queries=9),
    Page("resend_delivery", ORGANISATION, {"delivery_id": "delivery"}, post=True),
    Page("log", P.SEE_LOG, queries=12),
]
PUBLIC = {"logo"}
OPENABLE = {ORGANISATION, PEOPLE, TYPES, P.SEE_LOG, P.MANAGE_ISSUERS}


def make_settings(organisation: Organisation) -> dict[str, int]:
    """Something of everything that the addresses name; returns the ids."""
    with organisation_scope(organisation.pk):
        group = found_group(name="Östra", by=factories.TEST)
        values = WebhookValues(name="Kartan", url="https://exempel.se/", events=["case.registered"])
        webhook = add_webhook(values=values, by=factories.TEST)
        delivery = ping(webhook_id=webhook.pk, by=factories.TEST)
        for number, published in ((1, now()), (2, None)):
            RuleSet.objects.create(
                number=number, rules=[{"unit": "gata-park"}], created_at=now(), published_at=published
            )
        issuer = set_issuer(issuer="https://id.exempel.se", audience="lyhord", by=factories.TEST)
        member = Membership.objects.order_by("-pk")[0].pk
        subject = tie_subject(issuer_id=issuer.pk, subject="abc", membership_id=member, by=factories.TEST)
        provider = set_provider(
            provider_id=None,
            label="Prov-ID",
            issuer="https://id.exempel.se",
            client_id="lyhord",
            secret="x",  # nobody's
            levels="",
            active=True,
            by=factories.TEST,
        )
        read("Tekniska nämnden", "2026-10-06", "§ 7 Dnr TN 2026/5\nLampor\n\nBeslut\nNämnden beviljar medel.")
        source = save_source(
            kind="file_drop", name="Mapp", config={"folder": "x"}, interval_minutes=60, by=factories.TEST
        )
        matter = Matter.objects.get().pk
        asked = OpeningValues(question="Vad tycker du?")
        opening = engagement.save_opening(matter_id=matter, mechanism="reaction", values=asked, by=factories.TEST)
        steps = engagement.make_plan(matter_id=matter, method="dialogue", starts_on=today(), by=factories.TEST)
        return {
            "matter": matter,
            "opening": opening.pk,
            "step": steps[0].pk,
            "source": source.pk,
            "inlet": set_inlet(
                channel="email", address=f"kontakt@{organisation.slug}.example", trusted=True, by=factories.TEST
            ).pk,
            "provider": provider.pk,
            "system": save_system(
                name="RT", adapter="rt", settings={"url": "https://rt.example", "user": "x"}, by=factories.TEST
            ).pk,
            "issuer": issuer.pk,
            "subject": subject.pk,
            "unit": Unit.objects.get(code="gata-park").pk,
            "category": Category.objects.get(code="barn").pk,
            "type": CaseType.objects.get(code="belysning.lampa").pk,
            "member": member,
            "group": group.pk,
            "key": create_key(client="FixaMinGata", by=factories.TEST)[0].pk,
            "webhook": webhook.pk,
            "delivery": delivery.pk,
            "asset": factories.make_asset("L-114", "Lyktstolpe 114").pk,
        }


def address(page: Page, ids: dict[str, int]) -> str:
    return reverse(f"manage:{page.name}", kwargs={name: ids.get(value, value) for name, value in page.ids.items()})


def ask(client: Client, page: Page, where: str) -> int:
    return (client.post(where) if page.post else client.get(where)).status_code


def test_every_address_is_in_the_list() -> None:
    assert {page.name for page in PAGES} | PUBLIC == {pattern.name for pattern in urlpatterns}


@pytest.mark.parametrize("role", [slug for slug, role in ROLES.items() if role.permissions])
def test_every_page_for_every_role(cast: Cast, browse: Browse, role: str) -> None:
    ids = make_settings(cast.motala)
    client = browse(factories.make_member(cast.motala, "x@motala.example", "Xerxes Ek", role, "gata-park"))
    allowed = ROLES[role].permissions
    for page in PAGES:
        status = ask(client, page, address(page, ids))
        may = page.needs in allowed if page.needs else bool(allowed & OPENABLE)
        assert (status != 403) is may, f"{role} {page.name}: {status}"
        assert status in {200, 302, 404, 422} if may else True, f"{role} {page.name}: {status}"


def test_residents_are_asked_to_log_in(cast: Cast, browse: Browse) -> None:
    ids = make_settings(cast.motala)
    client = browse(None)
    for page in PAGES:
        response = client.post(address(page, ids)) if page.post else client.get(address(page, ids))
        if page.post:
            assert response.status_code == 403, page.name
            assert "Du har blivit utloggad" in response.text, page.name
        else:
            assert response.status_code == 302, page.name
            assert response["Location"].startswith("/konto/login/"), page.name


def test_staff_of_others_may_nothing(cast: Cast, browse: Browse) -> None:
    ids = make_settings(cast.motala)
    other = factories.make_member(cast.mjolby, "admin@mjolby.example", "Åsa Berg", "administrator")
    client = browse(other)
    for page in PAGES:
        assert ask(client, page, address(page, ids)) == 403, page.name


def test_what_belongs_to_others_is_not_there(cast: Cast, admin: Client) -> None:
    make_settings(cast.motala)
    theirs = make_settings(cast.mjolby)
    for page in PAGES:
        if any(isinstance(value, str) and value in theirs for value in page.ids.values()):
            assert ask(admin, page, address(page, theirs)) == 404, page.name


def test_ids_that_no_number_can_be(cast: Cast, admin: Client) -> None:
    make_settings(cast.motala)
    huge = dict.fromkeys(
        ("unit", "category", "type", "member", "group", "key", "webhook", "delivery", "issuer", "provider", "source"),
        10**30,
    )
    for page in PAGES:
        if page.ids:
            where = address(
                Page(page.name, page.needs, {name: 10**30 if name != "code" else "x" for name in page.ids}), huge
            )
            assert ask(admin, page, where) in {302, 404}, page.name


@pytest.mark.parametrize("page", [page for page in PAGES if not page.post], ids=lambda page: page.name)
def test_queries_do_not_grow(
    cast: Cast, admin: Client, page: Page, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    ids = make_settings(cast.motala)
    with organisation_scope(cast.motala.pk):
        for number in range(6):
            factories.make_unit(f"enhet-{number}", f"Enhet {number}")
            factories.make_type(f"typ{number}", "felanmalan", f"Typ {number}")
            factories.make_area("district", f"omrade-{number}", f"Område {number}", [[15, 58], [15.1, 58], [15, 58.1]])
    for number in range(6):
        factories.make_member(cast.motala, f"x{number}@motala.example", f"Xerxes {number}", "case_officer", "gata-park")
        factories.make_case(cast.motala)
    admin.get("/installningar/")
    with django_assert_max_num_queries(page.queries):
        response = admin.get(address(page, ids))
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"


def test_the_desk_leads_here_for_those_who_may(cast: Cast, browse: Browse) -> None:
    for user, may in ((cast.admin, True), (cast.auditor, True), (cast.sara, False), (cast.kim, False)):
        assert (b'href="/installningar/"' in browse(user).get("/desk/").content) is may
