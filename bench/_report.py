"""What measurements print: product, floor, ratio, budget and verdict; as a table or as JSON."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from bench.cpu import Cost, median


@dataclass(frozen=True, slots=True)
class Line:
    """One measured thing. `budget` is CPU milliseconds, `floor` the CPU milliseconds of the same without us.

    `least_rate` is the share of the floor's rate that must be reached; `most_queries` holds for `queries`. `least` is
    the CPU of the cheapest round: neighbours on the machine only ever add.
    """

    name: str
    cost: Cost
    budget: float | None = None
    floor: Cost | None = None
    queries: int | None = None
    most_queries: int | None = None
    least_rate: float | None = None
    least: float | None = None

    @classmethod
    def of(
        cls, name: str, rounds: Sequence[Cost], budget: float | None = None, floor: Cost | None = None, **more: Any
    ) -> "Line":
        """The middle of several rounds, and the CPU of the round that neighbours disturbed least."""
        return cls(name, median(rounds), budget, floor, least=min(one.cpu for one in rounds), **more)

    @property
    def ratio(self) -> float | None:
        """How many times the floor's CPU."""
        return self.cost.cpu / self.floor.cpu if self.floor and self.floor.cpu else None

    @property
    def rate_ratio(self) -> float | None:
        """Our rate as a share of the floor's."""
        return self.cost.rate / self.floor.rate if self.floor else None

    @property
    def over(self) -> list[str]:
        """What is over its budget, in words."""
        found = []
        if self.budget is not None and self.cost.cpu > self.budget:
            found.append(f"{self.cost.cpu:.1f} ms of {self.budget:g}")
        if self.queries is not None and self.most_queries is not None and self.queries > self.most_queries:
            found.append(f"{self.queries} queries of {self.most_queries}")
        if self.least_rate is not None and self.rate_ratio is not None and self.rate_ratio < self.least_rate:
            found.append(f"{self.rate_ratio:.2f} of the floor's rate, not {self.least_rate:g}")
        return found

    @property
    def verdict(self) -> str:
        """In a word or two."""
        if self.budget is None and self.most_queries is None and self.least_rate is None:
            return ""
        return "over: " + ", ".join(self.over) if self.over else "within"


def show(lines: Sequence[Line], *, as_json: bool) -> bool:
    """Print them; True when all are within their budgets."""
    if as_json:
        print(json.dumps({"at": datetime.now(UTC).isoformat(), **machine(), "lines": [_data(line) for line in lines]}))
    else:
        width = max(len(line.name) for line in lines)
        print(f"{'':{width}}  CPU ms = app + db    least     p50    p95 ms  a second  queries  x floor  share  budget")
        for line in lines:
            print(f"{line.name:{width}}  {_row(line)}")
    return not any(line.over for line in lines)


def machine() -> dict[str, object]:
    """What it was measured on."""
    return {"cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1), "python": platform.python_version()}


def _row(line: Line) -> str:
    cost, least = line.cost, _or_blank(line.least, "6.2f")
    return (
        f"{cost.cpu:6.2f} = {cost.app:5.2f} + {cost.database:5.2f}  {least}  {cost.p50:6.1f}  {cost.p95:7.1f}"
        f"  {cost.rate:8.0f}  {_or_blank(line.queries, '7d')}  {_or_blank(line.ratio, '7.1f')}"
        f"  {_or_blank(line.rate_ratio, '5.2f')}  {_or_blank(line.budget, '6g')}  {line.verdict}"
    )


def _or_blank(value: float | None, form: str) -> str:
    return format(value, form) if value is not None else " " * len(format(0, form))


def _data(line: Line) -> dict[str, object]:
    return {
        **asdict(line),
        "cpu": line.cost.cpu,
        "ratio": line.ratio,
        "rate_ratio": line.rate_ratio,
        "verdict": line.verdict,
    }
