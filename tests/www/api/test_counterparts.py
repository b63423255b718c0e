"""What can be done on the pages can be done by the API: the pages and the table in docs/api.md are walked."""

import re
from collections import defaultdict
from fnmatch import fnmatch

import pytest

from tests.conftest import Cast
from tests.www.api.conftest import Program
from tests.www.api.test_documents import PAGE
from tests.www.desk.conftest import browser
from tests.www.every_address import taking_posts
from tests.www.plant import Planted

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("P27", "0.25")]

WALKED = ("public", "desk", "manage")
ROW = re.compile(r"^\| (`[a-z_]+:.+?) \| .+? \| (.+?) \|$", re.MULTILINE)
READ = re.compile(r"`((?:public|desk|manage):[a-z_]+)` is\s+((?:`GET [^`]+`(?: and )?)+)")
OPERATION = re.compile(r"`(GET|POST|PUT|DELETE) (/[^`]+)`")


def table() -> dict[str, list[str]]:
    """What the page says of each address: operations, or why there are none."""
    found: dict[str, list[str]] = defaultdict(list)
    for names, counterparts in ROW.findall(PAGE.read_text(encoding="utf-8")):
        for name in re.findall(r"`([^`]+)`", names):
            found[name].append(counterparts)
    return found


def operations_in(text: str) -> set[tuple[str, str]]:
    return {(method.lower(), path) for method, path in OPERATION.findall(text)}


def test_every_deed_of_the_pages_has_its_counterpart(cast: Cast, motala_things: Planted, nobody: Program) -> None:
    said = table()
    document = nobody.get("openapi.json")
    there = {(method, path) for path, operations in document["paths"].items() for method in operations}
    for name, cells in said.items():
        for cell in cells:
            if cell.startswith("none: "):
                assert len(cell) > 40, f"{name}: say why there is no counterpart"
            else:
                assert operations_in(cell), (name, cell)
                assert operations_in(cell) <= there, (name, cell)
    everybody = [browser(user) for user in (cast.admin, cast.maria)]
    found = set(taking_posts(everybody, motala_things.ids, WALKED))
    assert len(found) > 40
    assert {name for name in found if not any(fnmatch(name, known) for known in said)} == set()
    assert {known for known in said if not any(fnmatch(name, known) for name in found)} == {"desk:case"}  # reads


def test_what_can_be_read_is_there_too(nobody: Program) -> None:
    document = nobody.get("openapi.json")
    reads = READ.findall(PAGE.read_text(encoding="utf-8"))
    assert len(reads) >= 9
    for name, said in reads:
        for _method, path in operations_in(said):
            assert "get" in document["paths"][path], name
