"""What SECURITY.md and docs/promises.md say is tested, and what only the repository can show."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SHIPPED = ("bot", "engine", "storage")
# What turns data into code that runs.
LOADERS = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "yaml", "runpy"}
CALLS = {"eval", "exec", "compile", "__import__", "torch.load", "np.load", "numpy.load"}


def promises() -> list[tuple[str, str]]:
    """The lines of both tables: a threat or a promise, and the cell of its tests."""
    rows = []
    for name, header in (
        ("SECURITY.md", "| Threat | What stops it | Test |"),
        ("docs/promises.md", "| Promise | Proof |"),
    ):
        text = (ROOT / name).read_text(encoding="utf-8")
        table = text.split(header)[1].split("\n\n")[0]
        rows += [line.strip("| ").split(" | ") for line in table.splitlines()[2:]]
    return [(row[0], row[-1]) for row in rows]


@cache
def names_in(path: str) -> set[str]:
    """The names of the tests of a file, those in classes too."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in ast.walk(tree) if isinstance(node, functions)}


@pytest.mark.parametrize(("promise", "cell"), promises(), ids=[name for name, _ in promises()])
def test_each_promise_is_covered_by_tests_that_exist(promise: str, cell: str) -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", cell)
    assert named, f"no test is named for: {promise}"
    assert cell.count("`") == 2 * len(named), f"something is named that is no test: {cell}"
    for path, name in named:
        assert (ROOT / path).is_file(), f"{path} is gone"
        assert name in names_in(path), f"{path} has no {name}"


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for package in SHIPPED:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def test_nothing_that_ships_can_load_code() -> None:
    """No pickle and the like is read; what the render worker sends goes through its own pipes."""
    found = []
    for path, tree in trees():
        for node in ast.walk(tree):
            match node:
                case ast.Import(names=names):
                    used = {alias.name.split(".")[0] for alias in names} & LOADERS
                case ast.ImportFrom(module=str(module)):
                    used = {module.split(".")[0]} & LOADERS
                case ast.Call(func=func):
                    used = {ast.unparse(func)} & CALLS
                case _:
                    continue
            found += [f"{path.relative_to(ROOT)}:{node.lineno} {name}" for name in used]
    assert found == []


def test_no_secret_goes_into_the_repository() -> None:
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert ".env" in ignored
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert re.search(r"^(?:# )?DISCORD_TOKEN=$", example, re.MULTILINE)


@pytest.mark.parametrize("name", ["constraints.txt", "benchmarks/constraints.txt"])
def test_every_package_is_pinned(name: str) -> None:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert len(pins) > 40
    assert all(re.fullmatch(r"[\w.-]+==[\w.+!-]+", pin) for pin in pins)
    if name == "constraints.txt":
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        extras = project["optional-dependencies"]
        wanted = [*project["dependencies"], *extras["lint"], *extras["test"], *extras["train"]]
        names = {re.split(r"[\[=<>~! ]", one)[0] for one in wanted}
        pinned = {_plain(pin.split("==")[0]) for pin in pins}
        assert {_plain(one) for one in names} <= pinned


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_lint_looks_for_insecure_code() -> None:
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    assert "S" in tools["ruff"]["lint"]["select"]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    lint = makefile.split("\nlint:")[1].split("\n\n")[0]
    assert "bandit" in lint
    assert "audit.py" in lint
