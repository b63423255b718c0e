"""A pytest plug-in that keeps every test's last result in `.lyhord/test-results.json`, for `./lyhord conformance`."""

import datetime as dt
import fcntl
import json
from pathlib import Path
from typing import Any, TypedDict

import pytest

from lyhord.config.command import ROOT

FILE = ROOT / ".lyhord" / "test-results.json"


class Result(TypedDict):
    """How one test went the last time it ran: "passed", "failed" or "skipped"; the date is ISO 8601 in UTC."""

    outcome: str
    requirements: list[str]
    date: str


def read(file: Path = FILE) -> dict[str, Result]:
    """All kept results by node id; empty when there are none."""
    try:
        tests = json.loads(file.read_text())["tests"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return tests if isinstance(tests, dict) else {}


def merge(
    old: dict[str, Result], new: dict[str, Result], *, existing: set[str], files: set[str], broken: set[str], date: str
) -> dict[str, Result]:
    """Join earlier results with those of this run.

    ``existing`` are the tests found in the wholly collected ``files``: an earlier result from such a file whose test is
    not there any more is dropped. Tests in ``broken`` files, which could not be imported, have failed. Results of other
    files stay as they were, unless the file is gone.
    """
    kept: dict[str, Result] = {}
    for node, result in old.items():
        file = node.split("::", 1)[0]
        if file in broken:
            kept[node] = {**result, "outcome": "failed", "date": date}
        elif file in files:
            if node in existing:
                kept[node] = result
        elif (ROOT / file).exists():
            kept[node] = result
    return dict(sorted({**kept, **new}.items()))


def write(
    new: dict[str, Result], *, existing: set[str], files: set[str], broken: set[str], date: str, file: Path = FILE
) -> None:
    """Merge into the file; safe when two runs end at once."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.with_suffix(".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        tests = merge(read(file), new, existing=existing, files=files, broken=broken, date=date)
        unfinished = file.with_suffix(".new")
        unfinished.write_text(json.dumps({"tests": tests}, indent=1, ensure_ascii=False) + "\n")
        unfinished.replace(file)


class _Keeper:
    """Gathers results in the main process; in xdist's workers it only notes what exists and sends it home."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.is_worker = hasattr(config, "workerinput")
        self.existing: set[str] = set()
        self.files: set[str] = set()
        self.broken: set[str] = set()
        self.results: dict[str, Result] = {}
        self.date = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Note every test before any is deselected, and let each carry its requirements to its report."""
        for item in items:
            self.existing.add(item.nodeid)
            named = sorted({str(name) for marker in item.iter_markers("requirement") for name in marker.args})
            item.user_properties.append(("requirements", named))

    def pytest_pycollect_makemodule(self, module_path: Path) -> None:
        """Note the files that are collected whole, even if no test is left in them."""
        if not any("::" in argument for argument in self.config.args) and module_path.is_relative_to(ROOT):
            self.files.add(module_path.relative_to(ROOT).as_posix())

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note files that could not be collected."""
        if report.failed:
            self.broken.add(report.nodeid.split("::", 1)[0])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take the worst of set-up, call and tear-down."""
        before = self.results.get(report.nodeid)
        if before is not None and (before["outcome"] == "failed" or report.outcome == "passed"):
            return
        if before is None and report.when == "teardown" and report.passed:
            return
        named: list[str] = next((value for name, value in report.user_properties if name == "requirements"), [])  # type: ignore[misc]  # pytest calls the values objects
        outcome = report.outcome
        if report.when != "call" and outcome == "passed":
            return
        self.results[report.nodeid] = {"outcome": outcome, "requirements": named, "date": self.date}

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take over what an xdist worker has noted."""
        output = getattr(node, "workeroutput", {})
        self.existing.update(output.get("lyhord_existing", ()))
        self.files.update(output.get("lyhord_files", ()))

    def pytest_sessionfinish(self) -> None:
        """Write the file, or send home what a worker has noted."""
        if self.is_worker:
            output: dict[str, Any] = self.config.workeroutput  # type: ignore[attr-defined]  # given by pytest-xdist
            output["lyhord_existing"] = sorted(self.existing)
            output["lyhord_files"] = sorted(self.files)
        elif not self.config.option.collectonly:
            write(
                self.results,
                existing=self.existing,
                files=self.files - self.broken,
                broken=self.broken,
                date=self.date,
            )


def pytest_configure(config: pytest.Config) -> None:
    """Begin keeping."""
    config.pluginmanager.register(_Keeper(config), "lyhord-results-keeper")
