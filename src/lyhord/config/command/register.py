"""The requirements register, and which tests say that they prove a row."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_ID = re.compile(r"\d+\.\d+|[A-Z]\d+")


@dataclass(frozen=True)
class Requirement:
    """A row of the register."""

    id: str
    meaning: str


def read(text: str) -> list[Requirement]:
    """The rows of every table whose first column is an ID; the meaning is the column "Meaning", else the second."""
    rows: list[Requirement] = []
    column = 1
    for line in text.splitlines():
        if not line.lstrip().startswith("|"):
            column = 1
            continue
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
        titles = [cell.lower() for cell in cells]
        if titles[0] == "id":
            column = titles.index("meaning") if "meaning" in titles else 1
        elif _ID.fullmatch(cells[0].strip("*` ")):
            meaning = cells[column] if column < len(cells) else ""
            rows.append(Requirement(cells[0].strip("*` "), meaning))
    return rows


def tests_in(folder: Path, root: Path) -> dict[str, set[str]]:
    """Each test function's node id (no parameters) and the requirements its marks name, read from the source."""
    found: dict[str, set[str]] = {}
    for file in sorted(folder.rglob("test_*.py")):
        try:
            tree = ast.parse(file.read_text())
        except SyntaxError:
            continue
        found.update(_tests(tree.body, file.relative_to(root).as_posix(), _module_marks(tree)))
    return found


def _tests(body: list[ast.stmt], prefix: str, outer: set[str]) -> Iterator[tuple[str, set[str]]]:
    for node in body:
        if isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            yield from _tests(node.body, f"{prefix}::{node.name}", outer | _marks(node.decorator_list))
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test"):
            yield f"{prefix}::{node.name}", outer | _marks(node.decorator_list)


def _module_marks(tree: ast.Module) -> set[str]:
    """The marks in `pytestmark = …` at the top of a module."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(
            isinstance(name, ast.Name) and name.id == "pytestmark" for name in node.targets
        ):
            return _marks([node.value])
    return set()


def _marks(expressions: list[ast.expr]) -> set[str]:
    """The arguments of every `….requirement("0.1", …)` in the expressions, also inside parametrize."""
    return {
        argument.value
        for expression in expressions
        for call in ast.walk(expression)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "requirement"
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }
