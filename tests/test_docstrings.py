"""The sections of docstrings are whole, as an editor and docs/api.md show them."""

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "engine", "storage", "benchmarks", "tools")
_SECTION = re.compile(r"^(\w+)\n-{3,}\n(.*?)(?=^\w+\n-{3,}\n|\Z)", re.MULTILINE | re.DOTALL)

Documented = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def items(docstring: str, section: str) -> list[str]:
    """The lines that name something in a section of a docstring; what explains it is indented."""
    bodies = [body for title, body in _SECTION.findall(docstring) if title == section]
    return [line for body in bodies for line in body.splitlines() if line and line[0] != " "]


def documented(package: str) -> Iterator[tuple[str, Documented, str]]:
    for file in sorted((ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, Documented) and (docstring := ast.get_docstring(node)):
                yield f"{file.relative_to(ROOT)}:{node.lineno} {node.name}", node, docstring


def arguments(node: Documented) -> set[str]:
    """What a function takes, or what makes an object of a class."""
    if isinstance(node, ast.ClassDef):
        fields = {
            part.target.id
            for part in node.body
            if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name)
        }
        makers = [part for part in node.body if getattr(part, "name", "") == "__init__"]
        return fields.union(*(arguments(maker) for maker in makers))  # type: ignore[arg-type]
    named = node.args
    every = [*named.posonlyargs, *named.args, *named.kwonlyargs, named.vararg, named.kwarg]
    return {argument.arg for argument in every if argument is not None}


@pytest.mark.parametrize("package", PACKAGES)
def test_each_parameter_that_a_docstring_explains_is_one(package: str) -> None:
    for place, node, docstring in documented(package):
        for line in items(docstring, "Parameters"):
            names = {name.strip(" *") for name in line.split(",")}
            assert names <= arguments(node), (place, line)


@pytest.mark.parametrize("package", PACKAGES)
def test_what_explains_a_name_stands_below_it(package: str) -> None:
    for place, _, docstring in documented(package):
        for section in ("Parameters", "Attributes"):
            for line in items(docstring, section):
                assert re.fullmatch(r"\*{0,2}\w+(, \*{0,2}\w+)*", line), (place, line)


def test_a_section_that_ran_together_is_noticed() -> None:
    broken = inspect.cleandoc(
        """Return a list.

        Parameters
        ----------
        n : number of movies genres : names
        exclude
            Ids to leave out.
        """
    )
    assert items(broken, "Parameters") == ["n : number of movies genres : names", "exclude"]
