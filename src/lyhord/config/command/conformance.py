"""`./lyhord conformance [--json]`: each row of the requirements register, its tests, and how they went last time."""

import json
from collections import Counter
from dataclasses import dataclass

from lyhord.config.command import ROOT, register, results

REGISTER = ROOT / "docs" / "requirements.md"
_STATUSES = ("pass", "fail", "not run", "none")


@dataclass(frozen=True)
class Row:
    """A requirement with its tests: node id, outcome ("passed", "failed", "skipped", "not run") and date."""

    id: str
    meaning: str
    tests: list[tuple[str, str, str]]

    @property
    def status(self) -> str:
        """The row's word: pass when every test passed, fail when one failed, not run when one is missing, else none."""
        outcomes = {outcome for _node, outcome, _date in self.tests}
        if not outcomes:
            return "none"
        if "failed" in outcomes:
            return "fail"
        return "pass" if outcomes == {"passed"} else "not run"


def main(arguments: list[str]) -> int:
    """Print the register; returns 1 when a requirement fails or a test names one that does not exist."""
    rows, unknown = gather()
    totals = {status: Counter(row.status for row in rows)[status] for status in _STATUSES}
    if "--json" in arguments:
        answer = {"requirements": [_as_json(row) for row in rows], "totals": totals, "unknown": unknown}
        print(json.dumps(answer, indent=1, ensure_ascii=False))
    else:
        _print(rows, totals, unknown)
    return int(bool(totals["fail"] or unknown))


def gather() -> tuple[list[Row], list[str]]:
    """All rows, and the IDs that tests name but the register lacks. Without a register, the rows that tests name."""
    kept = results.read()
    marked = register.tests_in(ROOT / "tests", ROOT)
    requirements = register.read(REGISTER.read_text()) if REGISTER.exists() else []
    tests = join(marked, kept)
    known = {requirement.id for requirement in requirements}
    unknown = sorted(set(tests) - known, key=_order)
    if not requirements:
        requirements, unknown = [register.Requirement(name, "") for name in unknown], []
    return [Row(item.id, item.meaning, tests.get(item.id, [])) for item in requirements], unknown


def join(marked: dict[str, set[str]], kept: dict[str, results.Result]) -> dict[str, list[tuple[str, str, str]]]:
    """The tests of each requirement: what ran and still exists, plus what is marked in the source and has not run."""
    tests: dict[str, list[tuple[str, str, str]]] = {}
    ran: set[str] = set()
    for node, result in kept.items():
        function = node.split("[", 1)[0]
        if function not in marked:
            continue
        ran.add(function)
        for name in result["requirements"]:
            tests.setdefault(name, []).append((node, result["outcome"], result["date"]))
    for function, names in marked.items():
        for name in names if function not in ran else ():
            tests.setdefault(name, []).append((function, "not run", ""))
    return {name: sorted(found) for name, found in tests.items()}


def _order(name: str) -> tuple[str, int, int]:
    letter = name[0] if name[0].isalpha() else ""
    first, _, second = name.lstrip(letter).partition(".")
    return letter, int(first) if first.isdigit() else 0, int(second) if second.isdigit() else 0


def _as_json(row: Row) -> dict[str, object]:
    tests = [{"test": node, "outcome": outcome, "date": date} for node, outcome, date in row.tests]
    return {"id": row.id, "meaning": row.meaning, "status": row.status, "tests": tests}


def _print(rows: list[Row], totals: dict[str, int], unknown: list[str]) -> None:
    for row in rows:
        print(f"{row.id:<6} {row.status:<8} {row.meaning}".rstrip())
        for node, outcome, _date in row.tests:
            print(f"         {outcome:<8} {node}")
    print(f"\n{len(rows)} requirements: " + ", ".join(f"{totals[status]} {status}" for status in _STATUSES))
    for name in unknown:
        print(f"A test names {name}, which is not in {REGISTER.relative_to(ROOT)}")
