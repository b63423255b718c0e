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


def test_a_page_is_joined_with_its_frame() -> None:
    """So that no change of the frame quietly undoes it for all pages."""
    for name in NAMES:
        compiled: Any = get_template(name)
        frames = [node for node in compiled.template.nodelist if isinstance(node, ExtendsNode)]
        assert all(isinstance(node, Extended) for node in frames), name


@pytest.mark.parametrize("inline", [r"\sstyle=", r"<style", r"<script(?![^>]*\ssrc=)"])
def test_nothing_is_inline(inline: str) -> None:
    assert [name for name in NAMES if re.search(inline, _COMMENT.sub("", SOURCES[name]))] == []


def test_nothing_listens_inline() -> None:
    bare = {name: _TAG.sub("", _COMMENT.sub("", source)) for name, source in SOURCES.items()}
    assert [name for name in NAMES if re.search(r"\son[a-z]+=", bare[name])] == []


def test_every_icon_and_file_exists() -> None:
    whole = "\n".join(SOURCES.values())
    assert set(re.findall(r'\{% icon "([^"]+)" %\}', whole)) <= set(ICONS)
    assert [path for path in set(re.findall(r'\{% static "([^"]+)" %\}', whole)) if not finders.find(path)] == []


def test_the_voice() -> None:
    for name in (name for name in NAMES if name.startswith(("public/", "parts/"))):
        said = " ".join(re.findall(r'\{% translate "([^"]+)"', SOURCES[name]))
        blocks = re.findall(r"\{% blocktranslate.*?%\}(.*?)\{% endblocktranslate %\}", SOURCES[name], re.DOTALL)
        said = f"{said} {' '.join(blocks)}".lower()
        assert not [word for word in BANNED if word in said], name


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
