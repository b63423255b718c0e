"""Filling a form in as somebody would: so that one wrong thing in it is the only wrong thing."""

from datetime import timedelta

from lyhord.core.clock import today
from tests.www.hostile.ready import ADDRESS, PHONE
from tests.www.hostile.sending import Upload, Value
from tests.www.hostile.walking import Control, Form
from tests.www.plant import Planted

SAID = "Skrivet zxskrivet"
"""Begins whatever a person writes: found again on the page that comes back."""
BOUNDARY = (
    b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"Varamon"},"geometry":'
    b'{"type":"Polygon","coordinates":[[[15.0,58.5],[15.1,58.5],[15.1,58.6],[15.0,58.5]]]}}]}'
)
STREETS = b"gata;nummer;postnummer;ort;lat;lon\nStorgatan;1;59130;Motala;58,5;15,0\n"
SIGNS = b"kod;namn;typ;lat;lon\nL-1;Lyktstolpe 1;;58,5;15,0\n"
PAPER = (
    "Kommunstyrelsen 2026-11-02\nProtokoll\n\n§ 1 Dnr KS 2026-1\nNy skola\nBeslut\nKommunstyrelsen säger ja.\n".encode()
)
PEOPLE = b"email;name;role;units\nny@motala.example;Ny Person;case_officer;gata-park\n"


def filled(form: Form, planted: Planted, button: tuple[str, str] | None = None) -> list[tuple[str, Value]]:
    """What somebody sends who answers everything sensibly."""
    sent: list[tuple[str, Value]] = []
    for control in form.controls:
        if control.kind == "submit":
            continue
        if control.kind == "file":
            file = file_for(form, control)
            sent += [(control.name, file)] if file else []
        else:
            sent += [(control.name, value) for value in _values(form, control, planted)]
    return [*sent, button] if button else sent


def file_for(form: Form, control: Control) -> Upload | None:
    """A file that the form cannot do without; pictures it can, and cleaning them takes its time."""
    if "json" in control.accepts:
        return Upload(BOUNDARY, "x.geojson")
    if "csv" in control.accepts:
        rows = PEOPLE if "personer" in form.page else SIGNS if "/qr/" in form.page else STREETS
        return Upload(rows, "x.csv", "text/csv")
    return Upload(PAPER, "x.txt", "text/plain") if form.view == "manage:paper" else None


_PROGRAMS = {"json"}
"""Fields in which nobody writes sentences."""


def _values(form: Form, control: Control, planted: Planted) -> tuple[str, ...]:
    hints = _hints(form, planted)
    hint = hints.get((form.view, control.name), hints.get(("", control.name)))
    if hint is not None:
        return (hint,)
    if control.kind in {"hidden", "password"}:
        return control.values
    if control.kind == "checkbox" and len(control.choices) == 1 and control.name != "id":
        return control.values  # as it stands
    if control.choices:
        return control.values if any(control.values) else control.choices[-1:]
    if control.kind == "textarea":
        return (f"{SAID} {control.name}",) if control.name not in _PROGRAMS else control.values
    return (_line(control),)


def _line(control: Control) -> str:
    """One line that fits the field."""
    now = control.values[0] if control.values else ""
    if control.kind == "email" or "email" in control.name:
        return now or ADDRESS
    if control.kind == "date" or control.name in {"until", "fran", "till"}:
        return now or (today() + timedelta(days=30)).isoformat()
    if control.kind in {"number", "tel", "search"} or "phone" in control.name:
        return now or (PHONE if control.kind == "tel" else "3")
    plain = {"name", "full_name", "title", "name_sv", "name_en", "label_sv", "label_en", "service_name", "client"}
    return f"{SAID} {control.name}" if control.name in plain or not now else now


def _hints(form: Form, planted: Planted) -> dict[tuple[str, str], str]:
    """What no rule can guess."""
    return {
        ("desk:merge", "into"): _another(form, planted),
        ("desk:bulk", "action"): "ta",
        ("manage:invite_to", f"g{planted.ids['group_id']}-host"): "zxtredje.localhost",
        ("manage:new_webhook", "url"): "https://system.example/hook",
        **{("manage:system", part): "" for part in ("states_out", "states_in", "people", "handover")},
        ("manage:system", "types"): "* = Gata och park",
        ("manage:mail_server", "mail_server"): "mx.motala.se",
        ("desk:field_place", "lat"): "58,5371",
        ("desk:field_place", "lon"): "15,0365",
        ("manage:inlets", "address"): "zxskrivet@zxmotala.example",
        ("manage:new_issuer", "issuer"): "https://intyg.example",
        ("manage:new_provider", "issuer"): "https://intyg.example",
        ("manage:new_saml_provider", "issuer"): "https://intyg.example/saml",
        ("manage:new_saml_provider", "metadata_url"): "https://intyg.example/metadata",
        ("manage:new_saml_provider", "subject_attribute"): "urn:oid:1.2.752.201.3.4",
        ("manage:app", "android"): "se.motala.dialog",
        ("manage:app", "fingerprints"): ":".join(["AB"] * 32),
        ("manage:app", "ios"): "ABCDE12345.se.motala.dialog",
        ("manage:facebook", "page_id"): "104501289034511",
        ("manage:facebook", "secret"): "0123456789abcdef" * 2,
        ("manage:embedding", "sites"): "https://www.motala.se",
        ("public:follow_code", "kod"): planted.ids["code"],
        ("public:mine_add", "kod"): planted.ids["code"],
        **{(form, "code"): planted.codes[form] for form in planted.codes if form.endswith("_code")},
        ("manage:merge_matter", "other"): f"/beslut/{planted.ids['other_matter_id']}/",
        ("manage:texts", "url"): "",
        ("manage:texts", "sender"): "0766-86 00 00",
        ("manage:link_case", "number"): str(planted.ids["review_number"]),
        ("manage:matter_stage", "answer_until"): "",
        ("public:alerts", "near"): "",
        ("manage:rules", "at"): "2026-11-28 22:15",
        **{("", f"{name}{n}"): clock for name, clock in (("start", "16:00"), ("end", "24:00")) for n in (1, 2)},
        ("", "organisation_number"): "5560160680",
        ("", "season_first"): "11-01",
        ("", "season_last"): "03-31",
        ("account_login", "password"): "zxfel",
        ("public:report", "website"): "",
        ("embed:report", "website"): "",
    }


def _another(form: Form, planted: Planted) -> str:
    """The number of a case that is not the page's own."""
    own = f"/{planted.ids['review_id']}/" in form.page
    return str(planted.ids["protected_number" if own else "review_number"])
