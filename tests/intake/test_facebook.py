"""Facebook: who calls must show that it is Facebook; what people write to the page waits for somebody to look."""

import hmac
import json
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from lyhord.cases.models import Case
from lyhord.core.errors import Invalid
from lyhord.core.tenancy import organisation_scope
from lyhord.intake.draft_actions import accept_draft, dismiss_draft
from lyhord.intake.facebook_actions import set_page
from lyhord.intake.facebook_page import token_of
from lyhord.intake.models import Arrival, DraftCase, FacebookPage
from lyhord.intake.page_messages import RATES, settle_page_message
from lyhord.organisations.models import Organisation
from tests import factories
from tests.factories import TEST
from tests.www.public.forms import send
from tests.www.soup import soup as page

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("2.23")]
PAGE, SECRET, HOOK = "104501289034511", "0123456789abcdef0123456789abcdef", "/in/facebook/krok/"
HOST = "motala.localhost"
IN_APP = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/22B83"
    " [FBAN/FBIOS;FBAV/487.0.0.41.109;FBDV/iPhone15,2;FBSN/iOS;FBLC/sv_SE]"
)


@pytest.fixture
def tied(motala_alone: Organisation) -> FacebookPage:
    with organisation_scope(motala_alone.pk):
        return set_page(page_id=PAGE, secret=SECRET, active=True, by=TEST)


def said(text: str, mid: str = "m_1", sender: str = "7001", **more: Any) -> dict[str, Any]:
    return {
        "sender": {"id": sender},
        "recipient": {"id": PAGE},
        "timestamp": 1,
        "message": {"mid": mid, "text": text, **more},
    }


def call(*events: Any, page_id: str = PAGE, secret: str = SECRET, host: str = HOST, **headers: str) -> Any:
    """As Facebook calls."""
    body = json.dumps({"object": "page", "entry": [{"id": page_id, "time": 1, "messaging": list(events)}]}).encode()
    signature = "sha256=" + hmac.new(secret.encode(), body, "sha256").hexdigest()
    headers = {"host": host, "x-hub-signature-256": signature, **headers}
    return Client(headers=headers).post(HOOK, body, content_type="application/json")


def settle(organisation: Organisation) -> list[DraftCase]:
    """What the worker does; then the drafts, oldest first."""
    with organisation_scope(organisation.pk):
        for arrival in Arrival.objects.order_by("pk"):
            settle_page_message(arrival_id=arrival.pk, by=TEST)
        return list(DraftCase.objects.order_by("pk"))


def test_the_address_is_confirmed_only_to_who_knows_the_word(motala_alone: Organisation, tied: FacebookPage) -> None:
    web = Client(headers={"host": HOST})
    asked = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": token_of(tied)}
    answer = web.get(HOOK, asked)
    assert (answer.status_code, answer.text) == (200, "1158201444")
    for wrong in ({**asked, "hub.verify_token": "gissat"}, {**asked, "hub.mode": "x"}, {}):
        assert web.get(HOOK, wrong).status_code == 403
    with organisation_scope(motala_alone.pk):
        set_page(page_id=PAGE, secret="", active=False, by=TEST)
    assert web.get(HOOK, asked).status_code == 403
    assert call(said("Hej")).status_code == 403, "it is switched off"


def test_only_what_is_signed_comes_in(motala_alone: Organisation, tied: FacebookPage) -> None:
    """A wrong secret, none, an old sort of signature, another body: refused. Nonsense that is signed: 400."""
    signed = "sha256=" + hmac.new(SECRET.encode(), b"{", "sha256").hexdigest()
    web = Client(headers={"host": HOST})
    for response in (
        call(said("Hej"), secret="f" * 32),
        call(said("Hej"), **{"x-hub-signature-256": ""}),
        call(said("Hej"), **{"x-hub-signature-256": "sha1=" + "0" * 40}),
        call(said("Hej"), **{"x-hub-signature-256": signed}),
        call(said("Hej"), **{"x-hub-signature-256": "sha256=åäö"}),
    ):
        assert response.status_code == 403
    assert (
        web.post(HOOK, b"{", content_type="application/json", headers={"x-hub-signature-256": signed}).status_code
        == 400
    )
    for odd in (b"[]", b'{"object":"page","entry":[{"id":1,"messaging":{}}]}', b'{"object":"user","entry":7}'):
        signature = "sha256=" + hmac.new(SECRET.encode(), odd, "sha256").hexdigest()
        answer = web.post(HOOK, odd, content_type="application/json", headers={"x-hub-signature-256": signature})
        assert answer.status_code == 200
    assert call(said("Till en annan sida"), page_id="999999").status_code == 200
    assert call(said("Sidans eget svar", is_echo=True)).status_code == 200
    assert settle(motala_alone) == []


def test_a_message_is_one_draft_however_often_it_comes(motala_alone: Organisation, tied: FacebookPage) -> None:
    """What the same person goes on to say is part of it, until somebody has decided; then it is a case like any."""
    hole = said("Det är ett stort hål i Vintergatan", attachments=[{"type": "image"}])
    for _ in range(3):
        assert call(hole, said("Vid nummer 7", "m_2")).status_code == 200
    call(said("Något helt annat", "m_3", sender="7002"))
    first, second = settle(motala_alone)
    assert first.text == ("Det är ett stort hål i Vintergatan\n(En bild eller fil finns i Facebook.)\n\nVid nummer 7")
    assert (first.channel, first.reason, second.text) == ("facebook", "review", "Något helt annat")
    with organisation_scope(motala_alone.pk):
        assert not Case.objects.exists()
        accept_draft(draft_id=first.pk, text=first.text, kind="felanmalan", by=TEST)
        case = Case.objects.get()
        assert (case.channel, case.wants_feedback) == ("facebook", False)
        dismiss_draft(draft_id=second.pk, by=TEST)
    call(said("Är ni kvar?", "m_4"))
    assert [draft.text for draft in settle(motala_alone)][2:] == ["Är ni kvar?"]


def test_who_writes_very_much_is_looked_at_and_a_number_leads_into_no_case(
    motala_alone: Organisation, tied: FacebookPage
) -> None:
    made = factories.make_case(motala_alone, "Hål")
    call(said(f"Hur går det med {made.case.number}?", "n_1", sender="7003"))
    (draft,) = settle(motala_alone)
    assert (draft.reason, draft.linked_id) == ("number", made.case.pk)
    began = datetime.fromisoformat("2026-03-02T09:00+01:00")
    for number in range(RATES[0].most + 2):
        with time_machine.travel(began + timedelta(seconds=number), tick=False):
            call(said(f"Meddelande {number}", f"o_{number}", sender="7004"))
            with organisation_scope(motala_alone.pk):
                DraftCase.objects.filter(channel="facebook").update(state="dismissed")
            settle(motala_alone)
    with organisation_scope(motala_alone.pk):
        assert Arrival.objects.filter(sender="7004", state="held", reason="many").count() == 2


def test_pages_and_secrets_are_those_of_one_organisation(cast: Any) -> None:
    with organisation_scope(cast.motala.pk):
        set_page(page_id=PAGE, secret=SECRET, active=True, by=TEST)
        with pytest.raises(Invalid) as wrong:
            set_page(page_id="facebook.com/motala", secret="kort", active=True, by=TEST)
        assert set(wrong.value.errors) == {"page_id", "secret"}
    assert call(said("Hej"), host="mjolby.localhost").status_code == 403
    assert SECRET not in FacebookPage.__str__(FacebookPage(page_id=PAGE))


def test_the_landing_page_has_a_card_and_its_reports_are_facebooks(motala_alone: Organisation) -> None:
    """In Facebook's own reader, without script or cookie."""
    web = Client(headers={"host": HOST, "user-agent": IN_APP, "referer": "https://l.facebook.com/"})
    shown = web.get("/facebook/?fbclid=IwAR0")
    found = page(shown)
    card = {str(one["property"]): str(one["content"]) for one in found.select("meta[property]")}
    assert card["og:url"] == "https://motala.localhost/facebook/"
    assert card["og:title"] == "Vad vill du berätta?"
    picture = web.get(card["og:image"].removeprefix("https://motala.localhost"))
    assert picture.headers["Content-Type"] == "image/png"
    links = [str(link["href"]) for link in found.select(".kinds a")]
    assert "/beratta/klagomal/?kanal=facebook" in links
    done = send(web, "/beratta/klagomal/?kanal=facebook", text="Bussen kom aldrig.", contact="code")
    assert done.status_code == 303
    assert not web.cookies
    with organisation_scope(motala_alone.pk):
        assert Case.objects.get().channel == "facebook"
