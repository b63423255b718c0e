"""Every form, found by walking, filled in as it should be and as nobody should."""

import re
import traceback
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from tests.www.every_address import body, taking_posts
from tests.www.hostile.conftest import ROLES, THEIRS, World
from tests.www.hostile.filling import SAID, filled
from tests.www.hostile.sending import Pairs, complaints, leads_away, send, send_for_good, undone
from tests.www.hostile.values import CONTROL, first_turn, hostile
from tests.www.hostile.walking import Control, Form, Walk, forms_on
from tests.www.test_crawler import rows_of

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("N9"), pytest.mark.all]  # each walk takes a minute
NO_PAGE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
"""What no page may hold."""
REFUSED = {("desk:merge", None), ("account_email", "action_remove")}
REFUSED |= {(f"manage:import_{what}", None) for what in ("areas", "streets", "signs", "shown_people")}
"""What some cannot do, however well they fill it in: they see no other case; one address must be left;
the file that was shown them has been let go with all that is undone here."""
SAID_AGAIN = {("account_email", "action_add"), ("public:follow_stop", None), ("public:case_follow_code", None)}
SAID_AGAIN |= {("public:matter_follow_code", None), ("public:support_act", None)}
"""What is answered otherwise the second time: that the address is there already, or has been let go, that the code has
been used (to say more would tell strangers who follows), that one device supports an idea once."""
COUNTS = {"intake_recentsender", "intake_recentuse", "limits_count", "files_heldfile", "cases_draft"}
"""Rows that only count how often, hold a file until somebody says yes to what it would change, or say when a draft was
last kept."""
NO_ROW = re.compile(NO_PAGE.pattern + r"|\\\\u00[01][0-9a-f]")
SENTENCE = re.compile(r'class="[^"]*\b(?:err|danger|warn)\b|role="alert"')
TAKEN = {200, 302, 303}
ANSWERS = TAKEN | {400, 403, 404, 409, 410, 413, 422}
"""429 is none: whoever is asked to wait has tried nothing."""


def forms_of(world: World, client: Client, *spaces: str, known: Walk | None = None) -> Iterator[Form]:
    """Every form that somebody meets, on pages and on what comes back when one is sent; not those `known` already."""
    found = world.walk(client, *spaces, known=known)
    waiting = found.new
    while waiting:
        form = waiting.pop(0)
        yield form
        if form.method == "post":
            for button in form.buttons:
                answer = send(client, form, filled(form, world.ours, button))
                if "html" in answer.headers.get("Content-Type", "") and answer.status_code in {200, 409, 422}:
                    waiting += found.add(forms_on(form.action, answer.content.decode()))


WALKED = ("public", "desk", "manage")
SHORT_OF_NOTHING = ("anonymous", "resident", "contact centre", "unit manager", "administrator")
"""Who together come upon every form."""
NO_FORM = {
    "public:photo": "the report's page sends pictures there by script while one writes; without it they go along",
    "public:types": "asked by script, and with GET all the same, which sorts a text may be about",
    "desk:draft": "kept by script while one writes",
    "desk:review": "the same view as desk:review_case, which the form on its page names",
    "desk:hand_over": "there once a system takes what others are responsible for (tests/exchange/test_handover.py)",
    "manage:try_text": "there once a gateway for text messages is set up (tests/www/manage/test_texts.py)",
    "manage:renew_text_key": "the same",
    "public:alert": "reached by the link in a message only (tests/www/public/test_alerts.py)",
    "public:alert_confirm": "the same",
    "public:alert_stop": "the same",
    "manage:new_system": "which system it is for is asked first (tests/www/manage/test_systems.py)",
    "manage:new_opening": "its address names a mechanism (tests/www/manage/test_engagement.py)",
    "manage:evaluation": "its address names a method (tests/www/manage/test_engagement.py)",
    "manage:new_source": "its address names a sort of source (tests/www/manage/test_papers.py)",
    "public:log_in_asserted": "an identity provider has the browser send it (tests/residents/test_saml.py)",
    "public:contact_works": "reached by a signed link in a mail only (tests/www/public/test_contact.py)",
}


def test_no_address_that_takes_something_is_without_its_form(ready_world: World) -> None:
    """A form that no walk comes upon would be tried by nobody."""
    world, known = ready_world, Walk({}, {}, [])
    for role in SHORT_OF_NOTHING:
        assert list(forms_of(world, world.client(role), known=known))
    takes = set(taking_posts([world.client("administrator"), world.client("unit manager")], world.ours.ids, WALKED))
    assert takes - {form.view for form in known.forms.values() if form.method == "post"} == set(NO_FORM)


def test_every_form_is_taken_in_and_a_second_press_changes_nothing(world: World) -> None:
    """Filled in as a person would: no form is a dead end, and what follows is about the one wrong thing in it."""
    known, faults = Walk({}, {}, []), list[str]()
    for role in SHORT_OF_NOTHING:
        faults += pressed(world, role, known)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("role", [role for role in ROLES if role not in SHORT_OF_NOTHING])
def test_every_form_is_taken_in_from_everybody_who_meets_it(ready_world: World, role: str) -> None:
    """As above, for all that each of the others meets."""
    known = Walk({}, {}, [])
    faults = pressed(ready_world, role, known)
    assert not faults, "\n".join(faults)
    assert len(known.forms) > 10


def pressed(world: World, role: str, known: Walk) -> list[str]:
    """Send every form that somebody meets, and that is not `known`, with each of its buttons."""
    client, faults = world.client(role), list[str]()
    for form in forms_of(world, client, known=known):
        for button in form.buttons:
            if (form.view, button and button[0]) not in REFUSED:
                faults += [f"{role}: {form} {button}: {wrong}" for wrong in pressed_twice(world, client, form, button)]
    return faults


def pressed_twice(world: World, client: Client, form: Form, button: tuple[str, str] | None) -> Iterator[str]:
    """What is wrong with what becomes of it."""
    sent = filled(form, world.ours, button)
    with undone(client):
        first = send_for_good(client, form, sent)
        if first.status_code not in TAKEN or complaints(first):
            yield f"{first.status_code} {sentences(first)} {complaints(first)}"
            return
        if form.method == "get":
            return
        after = rows_of(world.ours)
        second = send_for_good(client, form, sent)
        changed = {table for table, rows in rows_of(world.ours).items() if rows != after[table]} - COUNTS
        if changed:
            yield f"changes {changed}"
        if (form.view, button and button[0]) in SAID_AGAIN:
            return
        if answer_of(second) != answer_of(first):
            yield f"{answer_of(first)} and then {answer_of(second)}"


def answer_of(response: Any) -> tuple[int, str | None, list[str]]:
    """What somebody notices."""
    return response.status_code, response.headers.get("Location"), complaints(response)


def sentences(answer: Any) -> list[str]:
    """What a page says is wrong."""
    found = BeautifulSoup(answer.content.decode(), "html.parser").select(".err, .danger, [role=alert]")
    return [" ".join(one.text.split()) for one in found]


def kept(sent: Pairs, answer: Any) -> list[str]:
    """What a person wrote and the page that came back does not hold."""
    said = [value for _name, value in sent if isinstance(value, str) and value.startswith(SAID)]
    page = answer.content.decode()
    return [value for value in said if value not in page]


def unnamed(control: Control, page: str) -> bool:
    """Whether a page that refuses what somebody wrote leads them to no field: that one, or one that it clashes with."""
    if not control.written or control.kind == "asked":
        return False
    found = BeautifulSoup(page, "html.parser")
    fields = found.select(f'[name="{control.name}"]')
    links = {str(link["href"]) for link in found.select('.errsum a[href^="#"], [role="alert"] a[href^="#"]')}
    led = any(found.find(id=link.removeprefix("#")) for link in links)
    return not led and not any(field.get("aria-invalid") == "true" for field in fields)


def judge(form: Form, control: Control, sent: Pairs, answer: Any) -> str:
    """What is wrong with the answer; "" when nothing is. Whatever was sent, the same holds."""
    shown, name = body(answer), control.name
    asked = control.kind == "asked" or name == "handle"
    for field_name, value in sent:  # what one has sent oneself may come back
        if field_name == name and isinstance(value, str) and value:
            shown = shown.replace(quote(value).lower(), "").replace(value.lower(), "")
    page = answer.content.decode() if "html" in answer.headers.get("Content-Type", "") else ""
    refused = form.method == "post" and answer.status_code in {400, 409, 422}
    elsewhere = form.method == "post" and answer.status_code in {302, 303} and complaints(answer)
    found = {
        f"status {answer.status_code}": answer.status_code not in ANSWERS,
        "shows another organisation's": THEIRS in shown,
        "a script": "<script>alert(" in shown,
        "leads away": leads_away(answer),
        "what no page may hold": bool(NO_PAGE.search(page)),
        f"{answer.status_code} without what was written": bool(refused and page and not asked and kept(sent, answer)),
        f"{answer.status_code} without a sentence": bool(refused and page and not SENTENCE.search(page)),
        "422 without the field": bool(answer.status_code == 422 and page and unnamed(control, page)),
        "lost on the way to another page": bool(elsewhere and any(SAID in str(value) for _name, value in sent)),
    }
    return ", ".join(words for words, is_so in found.items() if is_so)


def _try(world: World, client: Client, form: Form, control: Control, sent: Pairs) -> str:
    with undone(client):
        answer = send_for_good(client, form, sent)
        wrong = judge(form, control, sent, answer)
        if form.method == "post" and answer.status_code in TAKEN and (control.name, CONTROL) in sent:
            held = [table for table, rows in rows_of(world.ours).items() if any(NO_ROW.search(row) for row in rows)]
            wrong += f" control characters in {held}" if held else ""
    return wrong


def attack(world: World, client: Client, form: Form, turn: int) -> list[str]:
    """Send the form with one wrong thing in it, for every field that it has or that its view asks for."""
    button = form.buttons[turn % len(form.buttons)]
    world.asked.forget()
    right = send(client, form, filled(form, world.ours, button))
    names = {control.name for control in form.controls}
    more = (world.asked.fields | (world.asked.parameters if form.method == "get" else set())) - names
    controls = [control for control in form.controls if control.kind != "submit"]
    controls += [Control(name, "asked") for name in sorted(more) if name != "csrfmiddlewaretoken"]
    faults = []
    if (right.status_code not in TAKEN or complaints(right)) and (form.view, button and button[0]) not in REFUSED:
        faults.append(f"{form} {button}: is refused however it is filled in: {right.status_code}")
    for number, control in enumerate(controls):
        for value in hostile(control, turn + number, world.theirs.ids):
            others = [(name, one) for name, one in filled(form, world.ours, button) if name != control.name]
            sent = [*others, (control.name, value)]
            if form.method == "get" and len(value) > 10_000:
                continue
            try:
                wrong = _try(world, client, form, control, sent)
            except Exception as error:  # all of them are told at once
                wrong = f"{type(error).__name__}: {error} {traceback.format_exc(limit=-3)}"
            if wrong:
                faults.append(f"{form}: {control.name}={value!r:.60}: {wrong}")
    return faults


WHOSE = {
    "what residents meet": (("anonymous", ()), ("resident", ("public:mine",))),
    "the desk": (("unit manager", ("desk:", "account")), ("contact centre", ("desk:",))),
    "the settings": (("administrator", ("manage:",)),),
}
"""Whose forms, of which address spaces: of the second only what the first does not meet."""


def attacked(world: World, whose: str) -> list[str]:
    """All that went wrong."""
    known, faults, forms = Walk({}, {}, []), list[str](), 0
    turn = first_turn()
    for role, spaces in WHOSE[whose]:
        client = world.client(role)
        for form in forms_of(world, client, *spaces, known=known):
            faults += attack(world, client, form, turn + forms)
            forms += 1
    assert forms > 20
    return faults


@pytest.mark.parametrize("whose", list(WHOSE))
def test_nothing_in_any_field_breaks_anything(world: World, whose: str) -> None:
    """A handful of what is hostile, others from field to field and from run to run."""
    faults = attacked(world, whose)
    assert not faults, "\n".join(faults)
