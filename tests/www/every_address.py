"""Every address there is, and what to put in it: walks over the whole product begin here."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from lyhord.cases import follow_code


@dataclass(frozen=True)
class Address:
    """One URL pattern: its full name and the names of its parameters."""

    name: str
    parameters: tuple[str, ...]

    def url(self, values: dict[str, Any]) -> str:
        """The address with the values put in."""
        return reverse(self.name, kwargs={name: values[name] for name in self.parameters})


def addresses(resolver: URLResolver | None = None, space: str = "") -> Iterator[Address]:
    """Every address of the project, in order."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from addresses(pattern, inner)
        elif isinstance(pattern, URLPattern):
            yield Address(f"{space}{pattern.name}", tuple(pattern.pattern.regex.groupindex))


FOREIGN = {
    "case_id",
    "notice_id",
    "unit_id",
    "category_id",
    "type_id",
    "membership_id",
    "token",
    "uid",
    "rest",
    "entry_id",
    "group_id",
    "key_id",
    "webhook_id",
    "delivery_id",
    "device",
    "issuer_id",
    "subject_id",
    "kept_id",
    "contact_token",
    "follow_id",
    "way_id",
    "provider_id",
    "draft_id",
    "arrival_id",
    "inlet_id",
    "asset_id",
    "outgoing_id",
    "matter_id",
    "opening_id",
    "act_id",
    "step_id",
    "item_id",
    "source_id",
    "meeting_id",
    "document_id",
    "body_code",
    "system_id",
}
"""Parameters that name something of an organisation wherever they occur."""
FIXED = {
    "slug": "felanmalan",
    "name": "192",
    "size": "small",
    "version": "x",
    "z": 12,
    "x": 2218,
    "y": 1225,
    "index": 0,
    "key": "x-y",
    "ending": "geojson",
    "proof": "x",
    "uidb36": "1",
}


def values_for(address: Address, ids: dict[str, Any], *, all_ways: bool = True) -> list[dict[str, Any]]:
    """The ways to fill an address in with somebody's ids; without `all_ways` only the first for each."""
    manages = address.name.startswith("manage:")
    base = {
        **FIXED,
        **ids,
        "code": ids["question"] if manages else ids["code"],
        "number": 1 if manages else ids["number"],
    }
    ways = [base]
    if not all_ways and address.name != "open311:endpoint":
        return ways
    if "uid" in address.parameters:
        ways += [{**base, "uid": ids[name]} for name in ("draft_uid", "internal_uid", "secret_uid")]
    if "case_id" in address.parameters:
        ways += [
            {**base, "case_id": ids[name]}
            for name in ("review_id", "secret_id", "protected_id", "merged_id", "shared_id")
        ]
    if address.name.startswith("public:follow_"):
        ways += [{**base, "token": ids["protected_token"]}]
    if "contact_token" in address.parameters:
        ways += [{**base, "contact_token": ids["protected_contact"]}]
    if "draft_id" in address.parameters:
        ways += [{**base, "draft_id": ids[name]} for name in ("secret_draft_id", "protected_draft_id")]
    if address.name == "public:case":
        ways += [{**base, "number": ids[name]} for name in ("secret_number", "protected_number")]
    if address.name == "open311:endpoint":
        rests = ["discovery.json", "v2/services.xml", f"v2/services/{ids['type_code']}.json", "v2/requests.json"]
        rests += ["v2/servicerequestupdates.json", "v2/servicerequestupdates.xml"]
        rests += [f"v2/requests/{ids[name]}.json" for name in ("number", "secret_number", "protected_number")]
        ways = [{**base, "rest": rest} for rest in [*rests, f"v2/tokens/{ids['token']}.xml"]]
    return ways


def is_foreign(address: Address) -> bool:
    """Whether the address names something of an organisation."""
    names = set(address.parameters)
    return bool(names & set(FOREIGN)) or address.name in {
        "public:receipt",
        "embed:receipt",
        "public:follow",
        "public:case",
        "public:case_follow",
    }


def nobodys(ids: dict[str, Any]) -> dict[str, Any]:
    """Ids of the same shapes that are nobody's."""
    empty: dict[str, Any] = {}
    for name, value in ids.items():
        if isinstance(value, int):
            empty[name] = 987_654_321
        elif isinstance(value, UUID):
            empty[name] = uuid4()
        elif name == "code":
            empty[name] = follow_code.code_for(b"nobody", uuid4(), 1)
        elif name.endswith("number"):
            empty[name] = "26-98765"
        else:
            empty[name] = value if name == "question" else "zxfinnsinte"
    return empty


def fields_with(ids: dict[str, Any]) -> dict[str, Any]:
    """What a form could be filled with to reach for somebody's things, whatever the form."""
    return {
        "text": "Hej",
        "to": "public",
        "reason": "Skäl",
        "message": "Hej",
        "email": "nagon@example.se",
        "officer": ids["user_id"],
        "unit": ids["unit_id"],
        "parent": ids["unit_id"],
        "units": ids["unit_code"],
        "roles": "gata_park",
        "name": "Namn",
        "names": "Namn",
        "into": ids["number"],
        "case_type": ids["type_code"],
        "category": ids["category_code"],
        "draft_photos": str(ids["draft_uid"]),
        "photo": ids["photo_id"],
        "next_id": ids["case_id"],
        "after": "next",
        "publish": "1",
        "warned": "1",
        "title": "Rubrik",
        "group": ids["group_id"],
        "channel": "phone",
        "kind": "felanmalan",
        "confirmed": "1",
        "service_code": ids["type_code"],
        "remove": str(ids["draft_uid"]),
    }


def settled() -> None:
    """See that the database takes what was made; it looks at all that waits for the end of the transaction, each time
    that it is asked to and undone, so that a test that plants much does this once before it walks.
    """
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("set constraints all deferred")


def post(client: Client, url: str, data: dict[str, Any]) -> Any:
    """Send it, see that the database would have taken it, and undo it."""
    cookies = dict(client.cookies)
    with transaction.atomic():
        response = client.post(url, data)
        settled()
        transaction.set_rollback(True)
    client.cookies.clear()
    client.cookies.update(cookies)
    return response


def body(response: Any) -> str:
    """All that a browser gets, headers too, in small letters."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    headers = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    return f"{headers}\n{content.decode('utf-8', 'replace')}".lower()


def taking_posts(clients: Sequence[Client], ids: dict[str, Any], spaces: Collection[str]) -> Iterator[str]:
    """The names of the addresses in these spaces that take a POST, as their answer to nonsense tells."""
    for address in addresses():
        if address.name.partition(":")[0] not in spaces:
            continue
        for values in values_for(address, ids, all_ways=False):
            for client in clients:
                answer: Any = client.generic("NONSENSE", address.url(values))
                if answer.status_code != 405:
                    assert answer.status_code in {302, 403, 404}, (address.name, answer.status_code)
                elif "POST" in answer["Allow"]:
                    yield address.name
