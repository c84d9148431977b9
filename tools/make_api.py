"""Write the Python API down, from its docstrings: ``python -m tools.make_api`` (make docs).

Writes docs/api.md: everything in ``engine.__all__``, with its signature as it stands in the source
and its docstring as Markdown. A test holds that the document is what this prints.
"""

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType
from typing import get_args, get_type_hints

import engine

TARGET = Path(__file__).parents[1] / "docs" / "api.md"
_HEAD = """\
# The Python API

Written by `make docs` from the docstrings: what `engine` exports, nothing else of it is public.
Shapes stand in brackets, as in [n_movies]; stars are from 0.5 to 5; movie ids are MovieLens's.
"""
_CHAPTERS = ("Functions", "Classes", "Results", "Parts of results", "Errors")


def api() -> str:
    """Return the document: functions, classes, results (dataclasses) with their parts, errors."""
    chapters: dict[str, list[str]] = {name: [] for name in _CHAPTERS}
    for name in engine.__all__:
        public = getattr(engine, name)
        if inspect.isfunction(public):
            chapters["Functions"].append(_function(public, "###", name))
        elif issubclass(public, Exception):
            chapters["Errors"].append(_class(public))
        elif hasattr(public, "__dataclass_fields__"):
            chapters["Results"].append(_class(public))
        else:
            chapters["Classes"].append(_class(public))
    chapters["Parts of results"] = [_class(part) for part in _parts()]
    return "\n".join([_HEAD, *(f"## {name}\n\n" + "\n".join(chapters[name]) for name in _CHAPTERS)])


def _parts() -> list[type]:
    """The classes of the engine that are not exported, but are what exported ones give."""
    public = [getattr(engine, name) for name in engine.__all__]
    parts = {
        found
        for one in public
        for hint in _hints(one)
        for found in (hint, *get_args(hint))
        if inspect.isclass(found) and found.__module__.startswith("engine.")
    }
    return sorted(parts.difference(public), key=lambda part: part.__name__)


def _hints(public: object) -> Iterator[object]:
    """The types of a function's arguments and result, of a class's bases, fields and methods."""
    annotated = [public]
    if inspect.isclass(public):
        yield from public.__mro__
        annotated += [function for _, function in _members(public)]
    for one in annotated:
        yield from get_type_hints(one).values()


def _function(function: object, heading: str, title: str) -> str:
    source = _source(function)
    (node,) = ast.parse(source).body
    assert isinstance(node, ast.FunctionDef)  # noqa: S101 - what a function's source holds
    signature = source.splitlines()[node.lineno - 1 : node.body[0].lineno - 1]
    return entry_of(heading, title, "\n".join(signature).rstrip(":"), function)


def _class(public: type) -> str:
    (node,) = ast.parse(_source(public)).body
    assert isinstance(node, ast.ClassDef)  # noqa: S101 - what a class's source holds
    bases = ", ".join(base.__name__ for base in public.__bases__ if base is not object)
    fields = [f"    {ast.unparse(one)}" for one in node.body if isinstance(one, ast.AnnAssign)]
    head = f"class {public.__name__}({bases})" if bases else f"class {public.__name__}"
    entry = entry_of("###", public.__name__, "\n".join([head, *fields]), public)
    methods = [
        _function(function, "####", f"{public.__name__}.{name}")
        for name, function in _members(public)
    ]
    return "\n".join([entry, *methods])


def _members(public: type) -> Iterator[tuple[str, FunctionType]]:
    """The public properties and methods that the class itself defines, by name."""
    for name, member in vars(public).items():
        # A property keeps its function in fget, a cached one in func, a class method in __func__.
        kinds = (getattr(member, kind, None) for kind in ("fget", "func", "__func__"))
        function = next(filter(None, kinds), member)
        if not name.startswith("_") and inspect.isfunction(function):
            yield name, function


def _source(public: object) -> str:
    return textwrap.dedent(inspect.getsource(public))  # type: ignore[arg-type]


def entry_of(heading: str, title: str, code: str, documented: object) -> str:
    doc = inspect.getdoc(documented)
    if doc is None or doc.startswith(f"{title}("):  # the one that a dataclass makes up
        raise ValueError(f"{title} is public and has no docstring")
    block = textwrap.indent(code, "    ")
    return f"{heading} {title}\n\n{block}\n\n{markdown_of(doc)}\n"


def markdown_of(doc: str) -> str:
    """Return a numpydoc docstring as Markdown: roles become code, a section's entries a list."""
    doc = re.sub(r":\w+:`~?([^`]+)`", r"`\1`", doc).replace("``", "`")
    text, *sections = re.split(r"^(\w[\w ]*)\n-{3,}\n", doc, flags=re.MULTILINE)
    parts = [text.rstrip()]
    for title, entries in zip(sections[::2], sections[1::2], strict=True):
        told = re.sub(r"^(\S[^`\n]*)\n(?= )", r"`\1`:\n", entries.rstrip(), flags=re.MULTILINE)
        listed = re.sub(r"^(?=\S)", "- ", told, flags=re.MULTILINE)
        parts.append(f"**{title}**\n\n{re.sub(r'^    ', '  ', listed, flags=re.MULTILINE)}")
    return "\n\n".join(parts)


if __name__ == "__main__":
    TARGET.write_text(api(), "utf-8")
