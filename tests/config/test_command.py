"""The commands that read and join: conformance, results, test, bench."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyhord.config.command import ROOT, conformance, register, results
from lyhord.config.command.__main__ import main, usage
from lyhord.config.command.results import Result
from lyhord.config.command.supervisor import BackOff, describe
from lyhord.config.command.test import pytest_command

THEN, NOW = "2026-01-01T00:00:00+00:00", "2026-02-02T00:00:00+00:00"
HERE = "tests/config/test_command.py"


def result(outcome: str = "passed", *requirements: str, date: str = THEN) -> Result:
    return {"outcome": outcome, "requirements": list(requirements), "date": date}


# -- results


def test_results_not_run_this_time_are_kept_with_their_date() -> None:
    merged = results.merge(
        {f"{HERE}::test_old": result("failed", "0.1")},
        {f"{HERE}::test_new": result(date=NOW)},
        existing={f"{HERE}::test_old", f"{HERE}::test_new"},
        files={HERE},
        broken=set(),
        date=NOW,
    )
    assert merged == {f"{HERE}::test_new": result(date=NOW), f"{HERE}::test_old": result("failed", "0.1")}


def test_results_of_tests_that_are_gone_are_dropped() -> None:
    old = {f"{HERE}::test_gone": result(), "tests/gone/test_gone.py::test_a": result(), f"{HERE}::test_here": result()}
    merged = results.merge(old, {}, existing={f"{HERE}::test_here"}, files={HERE}, broken=set(), date=NOW)
    assert list(merged) == [f"{HERE}::test_here"]


def test_results_of_a_file_collected_in_part_are_kept() -> None:
    old = {f"{HERE}::test_other": result()}
    assert results.merge(old, {}, existing={f"{HERE}::test_one"}, files=set(), broken=set(), date=NOW) == old


def test_tests_in_a_file_that_does_not_import_have_failed() -> None:
    merged = results.merge({f"{HERE}::test_a": result()}, {}, existing=set(), files=set(), broken={HERE}, date=NOW)
    assert merged[f"{HERE}::test_a"] == result("failed", date=NOW)


def test_a_damaged_file_counts_as_none(tmp_path: Path) -> None:
    file = tmp_path / "results.json"
    assert results.read(file) == {}
    for damaged in ("", "{", "[]", '{"tests": []}'):
        file.write_text(damaged)
        assert results.read(file) == {}
    results.write({"a::b": result()}, existing=set(), files=set(), broken=set(), date=NOW, file=file)
    assert results.read(file) == {"a::b": result()}


@pytest.mark.parametrize("processes", [[], ["-n", "2"]], ids=["alone", "xdist"])
def test_the_plug_in_keeps_outcomes_and_requirements(tmp_path: Path, processes: list[str]) -> None:
    project = tmp_path / "project"
    (project / "tests").mkdir(parents=True)
    (project / "pytest.ini").write_text("[pytest]\nmarkers = requirement(*ids): x\n all: x\naddopts = -m 'not all'\n")
    (project / "tests/test_it.py").write_text(
        "import pytest\n"
        "@pytest.mark.requirement('0.1', '0.2')\n"
        "@pytest.mark.parametrize('n', [1, 2])\n"
        "def test_fine(n): pass\n"
        "@pytest.mark.requirement('0.3')\n"
        "def test_wrong(): assert False\n"
        "def test_skipped(): pytest.skip('no')\n"
        "@pytest.fixture\n"
        "def torn():\n"
        "    yield\n"
        "    raise ValueError\n"
        "def test_torn_down_badly(torn): pass\n"
        "@pytest.fixture\n"
        "def missing(): raise ValueError\n"
        "def test_not_set_up(missing): pass\n"
        "@pytest.mark.all\n"
        "def test_big(): pass\n"
        "@pytest.mark.xfail\n"
        "def test_known(): assert False\n"
    )
    (project / "tests/test_broken.py").write_text("import no_such_module\n")
    # The plug-in keeps its file beside the package that it belongs to: here, a copy of it.
    package = project / "src/lyhord/config/command"
    package.mkdir(parents=True)
    for name in ("__init__.py", "results.py"):
        (package / name).write_text((ROOT / "src/lyhord/config/command" / name).read_text())
    for folder in (package.parent, package.parent.parent):
        (folder / "__init__.py").touch()
    kept = project / ".lyhord/test-results.json"
    kept.parent.mkdir()
    before = {f"tests/test_broken.py::test_{name}": result() for name in "ab"} | {
        "tests/test_it.py::test_gone": result()
    }
    kept.write_text(json.dumps({"tests": before | {"tests/test_it.py::test_big": result()}}))
    subprocess.run(
        [
            sys.executable,
            "-P",
            "-m",
            "pytest",
            "-q",
            "-p",
            "lyhord.config.command.results",
            "-p",
            "no:randomly",
            "--continue-on-collection-errors",
            *processes,
        ],
        cwd=project,
        env={"PYTHONPATH": str(project / "src"), "PATH": "/usr/bin:/bin"}
        # Where Python itself may find its shared library.
        | {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ},
        check=False,
        capture_output=True,
    )
    found = {node: (entry["outcome"], entry["requirements"]) for node, entry in results.read(kept).items()}
    assert found == {
        "tests/test_broken.py::test_a": ("failed", []),
        "tests/test_broken.py::test_b": ("failed", []),
        "tests/test_it.py::test_big": ("passed", []),
        "tests/test_it.py::test_fine[1]": ("passed", ["0.1", "0.2"]),
        "tests/test_it.py::test_fine[2]": ("passed", ["0.1", "0.2"]),
        "tests/test_it.py::test_known": ("skipped", []),
        "tests/test_it.py::test_not_set_up": ("failed", []),
        "tests/test_it.py::test_skipped": ("skipped", []),
        "tests/test_it.py::test_torn_down_badly": ("failed", []),
        "tests/test_it.py::test_wrong": ("failed", ["0.3"]),
    }


# -- conformance

REGISTER = """
# Register

| ID | Quote | Meaning | Verify |
|---|---|---|---|
| 0.1 | "mobil" | report on the spot | E2E |
| **0.2** | "a \\| b" | smartphone app | E2E |
| X1 | "x" | extra |

| ID | What |
|---|---|
| P10 | as the best |
| none of ours | text |
"""


def test_the_register_is_read_from_its_tables() -> None:
    assert [(row.id, row.meaning) for row in register.read(REGISTER)] == [
        ("0.1", "report on the spot"),
        ("0.2", "smartphone app"),
        ("X1", "extra"),
        ("P10", "as the best"),
    ]


@given(st.text())
def test_no_text_breaks_the_register(text: str) -> None:
    assert all(row.id for row in register.read(text))


def test_marks_are_read_from_the_source(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/test_a.py").write_text(
        "import pytest\n"
        "pytestmark = [pytest.mark.requirement('0.9')]\n"
        "@pytest.mark.requirement('0.1', '0.2')\n"
        "def test_one(): ...\n"
        "@pytest.mark.requirement('0.3')\n"
        "class TestMore:\n"
        "    @pytest.mark.parametrize('n', [pytest.param(1, marks=pytest.mark.requirement('0.4'))])\n"
        "    async def test_two(self): ...\n"
        "    def helper(self): ...\n"
        "def no_test(): ...\n"
    )
    (tmp_path / "tests/test_b.py").write_text("def broken(:\n")
    assert register.tests_in(tmp_path / "tests", tmp_path) == {
        "tests/test_a.py::test_one": {"0.9", "0.1", "0.2"},
        "tests/test_a.py::TestMore::test_two": {"0.9", "0.3", "0.4"},
    }


def test_requirements_are_joined_with_what_ran_and_what_did_not() -> None:
    marked = {"t.py::test_a": {"0.1"}, "t.py::test_b": {"0.1", "0.2"}, "t.py::test_c": {"0.3"}}
    kept = {
        "t.py::test_a[1]": result("passed", "0.1"),
        "t.py::test_a[2]": result("failed", "0.1"),
        "t.py::test_c": result("passed", "0.3"),
        "t.py::test_gone": result("passed", "0.4"),
    }
    tests = conformance.join(marked, kept)
    statuses = {name: conformance.Row(name, "", found).status for name, found in tests.items()}
    assert statuses == {"0.1": "fail", "0.2": "not run", "0.3": "pass"}
    assert conformance.Row("0.5", "", []).status == "none"


def test_one_test_that_did_not_run_keeps_a_requirement_from_passing() -> None:
    tests = [("a", "passed", THEN), ("b", "skipped", THEN)]
    assert conformance.Row("0.1", "", tests).status == "not run"


def test_conformance_prints_every_row_and_the_totals(capsys: pytest.CaptureFixture[str]) -> None:
    conformance.main(["--json"])
    answer = json.loads(capsys.readouterr().out)
    assert set(answer["totals"]) == {"pass", "fail", "not run", "none"}
    assert sum(answer["totals"].values()) == len(answer["requirements"])
    conformance.main([])
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith(f"{len(answer['requirements'])} requirements: ") for line in lines)


# -- the rest


def test_the_marked_tests_are_left_out_unless_asked_for() -> None:
    assert "-m" not in pytest_command([], everything=False)[3:]
    assert pytest_command(["tests/x"], everything=True)[-3:] == ["-m", "", "tests/x"]
    assert "2" in pytest_command([], everything=False)
    assert "2" not in pytest_command(["-n0"], everything=False)


def test_unknown_and_missing_commands_show_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert main(["help"]) == 0
    assert main(["rnu"]) == 2
    captured = capsys.readouterr()
    assert "Okänt kommando: rnu" in captured.err
    assert usage() in captured.out
    assert main(["bench", "no-such"]) == 1
    assert main(["bench", "generate", "--cases", "no number"]) == 2, "an option keeps the word that belongs to it"
    assert "no-such" in capsys.readouterr().err


def test_back_off_doubles_forgets_and_has_an_end() -> None:
    back_off = BackOff()
    assert [back_off.died(100.0, lived=1.0) for _death in range(9)] == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]
    assert not back_off.due(129.9)
    assert back_off.due(130.0)
    assert back_off.died(200.0, lived=61.0) == 0.5


def test_an_exit_status_is_described() -> None:
    assert describe(-9) == "signal SIGKILL"
    assert describe(3) == "status 3"
    assert describe(-64 - 35) == "status -99"
