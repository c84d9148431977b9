"""Which file imports which, read from the files themselves, and whether that keeps to the floors.

A package is a house whose parts lie on floors; each part imports only from floors below. What is
imported for type checking alone counts as well: a reader follows those imports too.
"""

import ast
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

Imports = Mapping[str, set[str]]  # the modules that each module imports, by dotted names


def imports_of(*packages: Path) -> dict[str, set[str]]:
    """The imports among all modules of some top-level packages, wherever in a file they stand.

    ``from package import name`` is an import of ``package.name`` where that is a module, else of
    the package itself.
    """
    files = {_module(file, package): file for package in packages for file in package.rglob("*.py")}
    return {
        module: {
            found
            for name, alternative in _named(file.read_text(encoding="utf-8"), _inside(file, module))
            if (found := name if name in files else alternative) in files and found != module
        }
        for module, file in files.items()
    }


def _module(file: Path, package: Path) -> str:
    parts = file.relative_to(package.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _inside(file: Path, module: str) -> str:
    """Return the package that relative imports of a file start from."""
    return module if file.name == "__init__.py" else module.rpartition(".")[0]


@cache  # by the text: the same files are asked about again and again
def _named(text: str, package: str) -> list[tuple[str, str]]:
    """Each name that is imported, and the module that it comes from if it is none itself."""
    inside = package.split(".")
    named: list[tuple[str, str]] = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            named += ((alias.name, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = inside[: len(inside) - node.level + 1] if node.level else []
            source = ".".join([*above, *([node.module] if node.module else [])])
            named += ((f"{source}.{alias.name}", source) for alias in node.names)
    return named


def circles(imports: Imports) -> list[list[str]]:
    """The groups of modules that import one another, directly or by way of others (Tarjan 1972)."""
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    open_: list[str] = []
    found: list[list[str]] = []

    def visit(module: str) -> None:
        number[module] = lowest[module] = len(number)
        open_.append(module)
        for other in sorted(imports[module]):
            if other not in number:
                visit(other)
                lowest[module] = min(lowest[module], lowest[other])
            elif other in open_:
                lowest[module] = min(lowest[module], number[other])
        if lowest[module] == number[module]:
            at = open_.index(module)
            group, open_[at:] = sorted(open_[at:]), []
            if len(group) > 1:
                found.append(group)

    for module in sorted(imports):
        if module not in number:
            visit(module)
    return found


def faults(imports: Imports, floors: Sequence[Sequence[str]]) -> list[str]:
    """The imports that do not keep to ``floors``, as lines such as "engine.data.x imports ...".

    ``floors`` are given from the top, each with the modules or packages on it: a name stands for
    all that is below it, unless a longer name stands elsewhere; that of a top-level package for its
    ``__init__`` alone. Parts of one floor do not import each other. A module that stands on no
    floor is a fault; so is a name that is no module.
    """
    level = {part: number for number, floor in enumerate(floors) for part in floor}
    lines = [f"{part} is no module" for part in level if part not in imports]
    part_of: dict[str, str] = {}
    for module in imports:
        names = [part for part in level if module == part or _within(module, part)]
        if names:
            part_of[module] = max(names, key=len)
        else:
            lines.append(f"{module} stands on no floor")
    for module, others in imports.items():
        for other in others:
            if module not in part_of or other not in part_of:
                continue
            own, its = part_of[module], part_of[other]
            if own != its and level[own] >= level[its]:
                lines.append(f"{module} imports {other}")
    return sorted(lines)


def _within(module: str, package: str) -> bool:
    return "." in package and module.startswith(package + ".")


def by_part(imports: Imports, depth: int = 2) -> dict[str, set[str]]:
    """The imports among parts, such as ``engine.data``: modules cut to ``depth`` names."""
    result: dict[str, set[str]] = defaultdict(set)
    for module, others in imports.items():
        own = ".".join(module.split(".")[:depth])
        result[own] |= {".".join(other.split(".")[:depth]) for other in others} - {own}
    return dict(result)
