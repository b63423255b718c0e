"""The house's own rules, held by machine: what STYLE and the ADRs promise about every file."""

import ast
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import FunctionType, ModuleType

import pytest
from django.apps import apps
from django.contrib.staticfiles import finders
from django.db import connections, models
from django.db.migrations.loader import MigrationLoader
from django.template import engines
from django.template.loader import get_template

import lyhord
from lyhord.core.actor import Actor
from lyhord.core.registry import Registry

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "lyhord"
MOST_LINES, MOST_LINES_OF_FUNCTION = 400, 60
_SILENCED = re.compile(r"# (noqa|type: ignore)\S*( [A-Z0-9]+,?)*(  # type: ignore\[[a-z, -]+\])?$")
"""A warning silenced, at the end of the line: no reason beside it."""
DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "shared", "lib", "tools"}

# They stand where actions do and are none.
NOT_ACTIONS = {
    "lyhord.accounts.issuer_actions.ask_for_keys": "asks for a job, which is the system's own doing",
    "lyhord.accounts.issuer_actions.note_failure": "how fetching went",
    "lyhord.audit.actions.record": "the event itself, a part of every action",
    "lyhord.notifications.actions.queue": "a notice is part of the action that it tells of",
    "lyhord.notifications.actions.tell": "as queue",
    "lyhord.notifications.actions.tell_many": "as queue",
    "lyhord.notifications.contact_actions.contact_for": "a name for an address, until an action ties something to it",
    "lyhord.notifications.spreading.spread": "as queue",
    "lyhord.notifications.gathering.gather_due": "how a delivery goes",
    "lyhord.notifications.gathering.gather_if_due": "how a delivery goes",
    "lyhord.notifications.one_time.forget_codes": "upkeep: what nobody can use any more",
    "lyhord.notifications.gathering.gather_now": "how a delivery goes",
    "lyhord.organisations.unit_actions.free_code": "pure: a code made of a name",
    "lyhord.places.actions.planned_areas": "reads what an import would do",
    "lyhord.notifications.delivery.sent": "how a delivery went: always the system's doing, and in the log",
    "lyhord.notifications.delivery.put_off": "how a delivery went",
    "lyhord.notifications.delivery.failed": "how a delivery went",
    "lyhord.notifications.delivery.dropped": "how a delivery went",
    "lyhord.cases.actions.map_counts.compact_map_counts": "derived: the same counts in fewer rows",
    "lyhord.cases.actions.map_counts.rebuild_map_counts": "derived: counts the cases anew",
    "lyhord.opendata.prepared.wanted": "derived: a copy of what everybody may read, asked for by anybody",
}


SIGNALS = re.compile(r"^(django|lyhord)\b.*\.(signals|dispatch)\b")


def python_files() -> list[Path]:
    return sorted(path for path in SOURCE.rglob("*.py") if "__pycache__" not in path.parts)


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def name_of(path: Path) -> str:
    return str(path.relative_to(SOURCE))


FILES = python_files()
WRITTEN = [path for path in FILES if "migrations" not in path.parts]


def layers() -> dict[str, int]:
    """App to the number of its layer, from the import contract itself; 0 is the top."""
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]
    found = {}
    for number, layer in enumerate(contract["layers"]):
        for part in layer.split("|"):
            found[part.strip(" ()")] = number
    return found


def app_of(model: type[models.Model]) -> str:
    return model.__module__.split(".")[1]


class TestLayers:
    """Imports and relations point down."""

    def test_the_import_contracts_hold(self) -> None:
        command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout

    def test_model_relations_point_down_too(self) -> None:
        """A foreign key written as a string escapes the import contract."""
        depth = layers()
        for model in apps.get_models(include_auto_created=True):
            if not model.__module__.startswith("lyhord."):
                continue
            for field in [*model._meta.local_fields, *model._meta.local_many_to_many]:
                target = field.related_model
                if not isinstance(target, type) or not target.__module__.startswith("lyhord."):
                    continue
                own, other = app_of(model), app_of(target)
                assert own == other or depth[own] < depth[other], f"{model.__name__}.{field.name} points up or aside"

    def test_every_app_is_in_a_layer_and_installed_from_below(self) -> None:
        depth = layers()
        installed = [
            config.name.split(".")[1] for config in apps.get_app_configs() if config.name.startswith("lyhord.")
        ]
        assert set(installed) <= set(depth)
        numbers = [depth[app] for app in installed]
        assert numbers == sorted(numbers, reverse=True)  # set-ups and reactions run in this order
        folders = {path.name for path in SOURCE.iterdir() if (path / "__init__.py").exists()}
        assert folders - set(depth) <= {"config"}

    def test_nobody_listens_to_signals(self) -> None:
        for path in FILES:
            for node in ast.walk(tree_of(path)):
                if isinstance(node, ast.ImportFrom):
                    names = {f"{node.module}.{alias.name}" for alias in node.names}
                elif isinstance(node, ast.Import):
                    names = {alias.name for alias in node.names}
                else:
                    continue
                assert not any(SIGNALS.search(name) for name in names), name_of(path)


# What can open a connection to another machine, and who may: the database's driver is Django's affair.
OUTWARD = re.compile(
    r"^(socket|ssl|asyncio|http\.client|urllib\.request|urllib3|httpx|httpcore|requests|aiohttp|smtplib|ftplib"
    r"|telnetlib|imaplib|poplib|xmlrpc|boto3|botocore|paramiko)(\.|$)"
)
OUTWARD_ON_PURPOSE = {
    "core/http.py": "the guarded way out",
    "notifications/smtp.py": "SMTP's errors by name; Django sends",
    "jobs/worker.py": "what this machine is called",
    "config/command/ports.py": "whether our own server answers",
    "config/settings.py": "how long S3 may take",
    "files/keepers.py": "a pair of sockets, between us and a process of our own",
    "files/_keeper.py": "the other one of the pair",
}


class TestOutward:
    """Other machines are called by core/http.py alone; mail (SMTP) and stored files (S3) by Django's own backends."""

    def test_nothing_else_can_open_a_connection(self) -> None:
        found = set()
        for path in FILES:
            for node in ast.walk(tree_of(path)):
                if isinstance(node, ast.ImportFrom):
                    names = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
                elif isinstance(node, ast.Import):
                    names = [alias.name for alias in node.names]
                else:
                    continue
                if any(OUTWARD.match(name) for name in names):
                    found.add(name_of(path))
        assert found == set(OUTWARD_ON_PURPOSE)

    def test_no_screen_calls_out(self) -> None:
        """Only jobs may wait for others: a screen that reads an address checks it, and that is all."""
        for path in FILES:
            if path.is_relative_to(SOURCE / "www"):
                for node in ast.walk(tree_of(path)):
                    if isinstance(node, ast.ImportFrom) and node.module == "lyhord.core.http":
                        assert "fetch" not in {alias.name for alias in node.names}, name_of(path)


def too_long(path: Path) -> Iterator[str]:
    """The module, and the functions in it, that do not fit in a head."""
    lines = path.read_text(encoding="utf-8").count("\n")
    if lines > MOST_LINES:
        yield f"{name_of(path)}: {lines} lines"
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > MOST_LINES_OF_FUNCTION:
                yield f"{name_of(path)}, {node.name}: {length} lines"


class TestSize:
    """Modules and functions that fit in a head."""

    def test_modules_and_functions_are_short(self) -> None:
        assert not [said for path in WRITTEN for said in too_long(path)]

    def test_no_drawer_for_what_has_no_place(self) -> None:
        for path in FILES:
            parts = {part.lower() for part in path.relative_to(SOURCE).with_suffix("").parts}
            assert not parts & DRAWERS, name_of(path)

    def test_every_module_says_what_it_is(self) -> None:
        silent = [name_of(path) for path in WRITTEN if not ast.get_docstring(tree_of(path))]
        assert [name for name in silent if not name.endswith(("__init__.py", "apps.py"))] == []


def action_modules() -> Iterator[ModuleType]:
    """Every app's `actions`, be it a module or a folder of them, and modules that end so."""
    for info in pkgutil.walk_packages(lyhord.__path__, "lyhord."):
        last = info.name.rpartition(".")[2]
        if last == "actions" or last.endswith("_actions") or ".actions." in info.name:
            yield importlib.import_module(info.name)


def actions() -> Iterator[tuple[str, FunctionType]]:
    """What an `actions` offers: the names in its `__all__`, else every public function that stands in it."""
    for module in action_modules():
        in_folder = ".actions." in module.__name__
        if in_folder:  # the folder's __init__ says which functions of its modules are actions
            package = importlib.import_module(module.__name__.partition(".actions.")[0] + ".actions")
            offered = getattr(package, "__all__", None)
            if offered is not None:
                continue
        names = getattr(module, "__all__", None) or [
            name
            for name, member in vars(module).items()
            if isinstance(member, FunctionType) and member.__module__ == module.__name__
        ]
        for name in names:
            member = getattr(module, name)
            if isinstance(member, FunctionType) and not name.startswith("_"):
                yield f"{member.__module__}.{name}", member


def is_action(function: FunctionType) -> bool:
    """Keyword-only, by an actor that has no default, with a docstring and a type of what it returns."""
    signature = inspect.signature(function)
    by = signature.parameters.get("by")
    return (
        by is not None
        and by.annotation is Actor
        and by.default is inspect.Parameter.empty
        and all(given.kind is given.KEYWORD_ONLY for given in signature.parameters.values())
        and bool(inspect.getdoc(function))
        and signature.return_annotation is not inspect.Signature.empty
    )


class TestActions:
    """Every change is a function of one shape."""

    def test_keyword_only_and_by_somebody(self) -> None:
        found = dict(actions())
        assert len(found) > 20
        assert [name for name, function in found.items() if name not in NOT_ACTIONS and not is_action(function)] == []

    def test_whatever_opens_a_transaction_is_an_action(self) -> None:
        """Wherever it stands: a change that is nobody's and in no log would hide there."""
        found = []
        for path in WRITTEN:
            for node in tree_of(path).body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                    opens = any("transaction.atomic" in ast.unparse(mark) for mark in node.decorator_list)
                    keywords = {given.arg for given in node.args.kwonlyargs}
                    if opens and (node.args.args or "by" not in keywords):
                        dotted = ".".join(("lyhord", *path.relative_to(SOURCE).with_suffix("").parts))
                        found.append(f"{dotted}.{node.name}")
        assert set(found) <= set(NOT_ACTIONS)

    def test_the_exceptions_exist(self) -> None:
        for name in NOT_ACTIONS:
            module, _, function = name.rpartition(".")
            assert hasattr(importlib.import_module(module), function), name


@pytest.mark.django_db(databases=["default", "owner"])
class TestMigrations:
    """One line of migrations for each app, and none missing."""

    def test_linear(self) -> None:
        loader = MigrationLoader(None)
        assert not loader.detect_conflicts()
        for app, name in loader.disk_migrations:
            if not apps.get_app_config(app).name.startswith("lyhord."):
                continue
            parents = [parent for parent in loader.graph.node_map[app, name].parents if parent.key[0] == app]
            children = [child for child in loader.graph.node_map[app, name].children if child.key[0] == app]
            assert len(parents) <= 1, (app, name)
            assert len(children) <= 1, (app, name)
            assert not parents or parents[0].key[1] < name, "numbers grow"

    def test_all_are_applied_to_the_test_database(self) -> None:
        loader = MigrationLoader(connections["owner"])
        assert set(loader.disk_migrations) <= set(loader.applied_migrations)
        connections["owner"].close()

    def test_no_municipality_stands_in_one(self) -> None:
        for path in FILES:
            if "migrations" in path.parts:
                text = path.read_text(encoding="utf-8").casefold()
                assert not re.search("motala|mjölby|mjolby", text), name_of(path)


# This machine's folders, its neighbours, and people's own.
ELSEWHERE = re.compile(
    r"(?<![\w.-])/(work|tmp|root|home|var/tmp|opt|mnt|Users)/"
    r"|\b(10|192\.168|172\.(1[6-9]|2\d|3[01]))(\.\d{1,3}){2,3}\b"
    r"|//[\w.-]+\.(internal|corp|lan|intranet)\b",
)
ELSEWHERE_ON_PURPOSE = {
    "core/reachable.py",
    "files/scanning.py",
    "files/sandbox.py",
    "config/postgres/identity.py",
    "config/postgres/binaries.py",
    "config/postgres/layout.py",
}
TEXT_FILES = [
    path
    for path in sorted(SOURCE.rglob("*"))
    if path.suffix in {".py", ".html", ".txt", ".js", ".css", ".json", ".md", ".csv", ".po", ".toml"}
    and "__pycache__" not in path.parts
]


def test_no_file_speaks_of_the_machine_it_was_written_on() -> None:
    assert len(TEXT_FILES) > 200
    said = []
    for path in TEXT_FILES:
        if name_of(path) in ELSEWHERE_ON_PURPOSE:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if ELSEWHERE.search(line):
                said.append(f"{name_of(path)}:{number}: {line.strip()[:100]}")
    assert said == []


TEMPLATES = sorted(
    str(path.relative_to(SOURCE / "templates")) for path in (SOURCE / "templates").rglob("*") if path.is_file()
)


class TestTemplates:
    """Every template can be read by the engine."""

    def test_parses(self) -> None:
        for name in TEMPLATES:
            get_template(name)

    def test_no_template_holds_style_or_script_of_its_own(self) -> None:
        """The policy forbids both; a browser would drop them without a word."""
        for name in TEMPLATES:
            text = (SOURCE / "templates" / name).read_text(encoding="utf-8")
            assert not re.search(r"<style\b|\sstyle=|\son[a-z]+=\"|javascript:", text), name
            for tag in re.findall(r"<script\b[^>]*>", text):
                assert "src=" in tag or 'type="application/json"' in tag, f"{name}: {tag}"

    def test_static_files_that_templates_name_exist(self) -> None:
        for name in TEMPLATES:
            text = (SOURCE / "templates" / name).read_text(encoding="utf-8")
            for path in re.findall(r"{%\s*static\s+[\"']([^\"']+)[\"']\s*%}", text):
                assert finders.find(path), f"{name}: {path}"

    def test_the_engine_is_djangos(self) -> None:
        assert [engine.name for engine in engines.all()] == ["django"]


class TestPlugins:
    """Every plug-in of every folder loads, and is protected by the import contract."""

    def registries(self) -> dict[str, Registry[object]]:  # type: ignore[type-var]  # whatever the contract
        found = {}
        for path in WRITTEN:
            if "Registry" not in path.read_text(encoding="utf-8") or path == SOURCE / "core" / "registry.py":
                continue
            dotted = ".".join(("lyhord", *path.relative_to(SOURCE).with_suffix("").parts)).removesuffix(".__init__")
            for member in vars(importlib.import_module(dotted)).values():
                if isinstance(member, Registry):
                    found[member.package] = member
        return found

    def test_all_load_and_can_be_chosen(self) -> None:
        registries = self.registries()
        assert {"lyhord.cases.kinds", "lyhord.notifications.senders", "lyhord.intake.channels"} <= set(registries)
        for package, registry in registries.items():
            modules = [info.name for info in pkgutil.iter_modules(importlib.import_module(package).__path__)]
            assert len(registry.all()) == len(modules), package
            for slug, label in registry.choices():
                assert re.fullmatch(r"[a-z0-9_-]+", slug), slug
                assert label, slug

    def test_every_folder_of_plugins_is_protected(self) -> None:
        contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
        protected = {name for contract in contracts for name in contract.get("protected_modules", [])}
        assert set(self.registries()) <= protected


def test_whoever_silences_a_warning_says_why() -> None:
    silent = [
        f"{path.relative_to(ROOT)}:{number}"
        for folder in ("src", "tests", "bench")
        for path in (ROOT / folder).rglob("*.py")
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if _SILENCED.search(line)
    ]
    assert not silent


def test_no_two_decisions_share_a_number() -> None:
    numbers = [path.name[:4] for path in (ROOT / "docs" / "adr").glob("*.md")]
    assert sorted(numbers) == [f"{number:04}" for number in range(1, len(numbers) + 1)]
    for path in (ROOT / "docs" / "adr").glob("*.md"):
        assert path.read_text(encoding="utf-8").startswith(f"# {int(path.name[:4])}. "), path.name
