"""All templates: they compile, they keep the strict content security policy, and they name only what exists."""

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import get_template
from django.template.loader_tags import ExtendsNode

import lyhord
from lyhord.core.folded.nodes import Extended
from lyhord.www.icons import ICONS

FOLDER = Path(lyhord.__file__).parent / "templates"
STATIC = Path(lyhord.__file__).parent / "static/lyhord"
NAMES = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.html"))
SOURCES = {name: (FOLDER / name).read_text() for name in NAMES}
_COMMENT = re.compile(r"\{#.*?#\}|\{% comment .*?%\}.*?\{% endcomment %\}", re.DOTALL)
_TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
# To residents we never say these (the voice of the service); staff may.
BANNED = ("synpunkt", "ärendehantering", "dubblett", "avvisa", "registrera", "klicka här")


@pytest.mark.parametrize("name", NAMES)
def test_it_compiles(name: str) -> None:
    get_template(name)


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_joined_with_its_frame(name: str) -> None:
    """So that no change of the frame quietly undoes it for all pages."""
    compiled: Any = get_template(name)
    frames = [node for node in compiled.template.nodelist if isinstance(node, ExtendsNode)]
    assert all(isinstance(node, Extended) for node in frames)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_inline(name: str) -> None:
    source = _COMMENT.sub("", SOURCES[name])
    assert not re.search(r"\sstyle=", source)
    assert not re.search(r"<style", source)
    assert not re.search(r"\son[a-z]+=", _TAG.sub("", source))
    assert not re.search(r"<script(?![^>]*\ssrc=)", source)


@pytest.mark.parametrize("name", NAMES)
def test_every_icon_and_file_exists(name: str) -> None:
    for icon in re.findall(r'\{% icon "([^"]+)" %\}', SOURCES[name]):
        assert icon in ICONS
    for path in re.findall(r'\{% static "([^"]+)" %\}', SOURCES[name]):
        assert finders.find(path), path


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith(("public/", "parts/"))])
def test_the_voice(name: str) -> None:
    said = " ".join(re.findall(r'\{% translate "([^"]+)"', SOURCES[name])).lower()
    said += " ".join(
        re.findall(r"\{% blocktranslate.*?%\}(.*?)\{% endblocktranslate %\}", SOURCES[name], re.DOTALL)
    ).lower()
    assert not [word for word in BANNED if word in said]


def test_every_text_can_be_translated() -> None:
    """Letters between tags that no {% translate %} holds are a text that other languages never get."""
    loose = {}
    for name, source in SOURCES.items():
        if name in {"500.html", "gallery.html"}:  # static on purpose; shown to those who build
            continue
        bare = _COMMENT.sub("", source)
        bare = re.sub(r"\{% block main_class %\}.*?\{% endblock main_class %\}", "", bare)
        bare = re.sub(r"\{% blocktranslate.*?%\}.*?\{% endblocktranslate %\}", "", bare, flags=re.DOTALL)
        bare = re.sub(r"<(code|kbd|svg|strong)\b[^>]*>[^<{]*</\1>", "", bare)
        bare = re.sub(r"<[^>]*>", "", _TAG.sub("", bare))
        if words := re.findall(r"[A-Za-zÅÄÖåäö]{3,}", bare):
            loose[name] = words
    assert not loose


@pytest.mark.parametrize("path", sorted(STATIC.rglob("*.js")), ids=lambda path: path.name)
def test_scripts_keep_the_policy_and_hold_no_text(path: Path) -> None:
    source = path.read_text()
    assert "eval(" not in source
    assert '.setAttribute("style"' not in source
    assert not re.search(r'"[A-ZÅÄÖ][a-zåäö]+ [a-zåäö]+', source), "texts belong in the page, where they are translated"


def test_the_report_page_is_light() -> None:
    """Everything but the page itself that a first visit to the form fetches: no map, no pictures, no push."""
    scripts = re.findall(r"<script[^>]+lyhord/js/([\w/]+\.js)", SOURCES["base.html"] + SOURCES["public/report.html"])
    assert scripts == ["app.js", "frame.js", "report.js"]
    scripts.remove("frame.js")  # only in a frame on another site
    sheets = ["tokens.css", "components.css"]  # one answer (www/style.py)
    first = [*sheets, "mark.svg", *(f"js/{name}" for name in scripts)]
    assert sum(len(gzip.compress((STATIC / name).read_bytes())) for name in first) < 30_000
