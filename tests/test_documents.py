"""The documents are true: what they name, link to, cite and list is there."""

import importlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

import engine
from bot.commands.registry import commands
from tests.bot.discord.test_floors import FLOORS as DISCORD_FLOORS
from tests.bot.test_floors import FLOORS as BOT_FLOORS
from tests.engine.test_floors import FLOORS as ENGINE_FLOORS
from tests.test_promises import names_in
from tools import make_api

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "engine", "storage", "tests", "benchmarks", "tools")
WRITTEN = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        ROOT / "benchmarks" / "README.md",
        ROOT / "tests" / "discord_server" / "README.md",
        ROOT / "Containerfile",
        ROOT / ".dockerignore",
        ROOT / ".env.example",
        ROOT / ".pre-commit-config.yaml",
    )
    if path.is_file()
)
DOCUMENTS = [name for name in WRITTEN if name.endswith(".md")]
PATH = re.compile(rf"(?<![\w/.-])((?:{'|'.join(PACKAGES)}|docs|\.ci)/[\w./*-]*[\w*/])")
DOTTED = re.compile(rf"(?<![\w/.-])((?:{'|'.join(PACKAGES)})(?:\.\w+)+)(?![\w/])")
FILE_ENDINGS = {"py", "md", "toml", "txt", "json"}
EACH = pytest.mark.parametrize("name", DOCUMENTS)


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def prose_of(name: str) -> str:
    """A document without what stands in code: blocks and spans."""
    lines = [line for line in text_of(name).splitlines() if not line.startswith("    ")]
    return re.sub(r"`[^`]*`", "", "\n".join(lines))


def anchors_of(path: Path) -> set[str]:
    """The anchors that GitHub gives a document's headings."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in headings}


def links_of(name: str) -> list[str]:
    """Where a document leads to or takes its pictures from, the web left out."""
    prose = prose_of(name)
    found = re.findall(r"\]\(([^)\s]+)\)", prose) + re.findall(r'src="([^"]+)"', prose)
    return [link for link in found if not re.match(r"https?:|mailto:", link)]


def is_there(name: str) -> bool:
    """Whether there is a module of that dotted name, or something in one."""
    parts = name.split(".")
    n = max(n for n in range(1, len(parts) + 1) if is_module(parts[:n]))
    if n == len(parts):
        return True  # not imported: a benchmark may need packages of its own
    found: object = importlib.import_module(".".join(parts[:n]))
    for part in parts[n:]:
        if not hasattr(found, part):
            return False
        found = getattr(found, part)
    return True


def is_module(parts: list[str]) -> bool:
    path = ROOT.joinpath(*parts)
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


@pytest.mark.parametrize("name", WRITTEN)
def test_each_path_that_is_named_exists(name: str) -> None:
    named = {found.rstrip(".") for found in PATH.findall(text_of(name))}
    missing = [path for path in sorted(named) if not any(ROOT.glob(path.rstrip("/")))]
    assert missing == []


@EACH
def test_each_test_that_is_named_exists(name: str) -> None:
    named = re.findall(r"(tests/[\w/]+\.py)::(\w+)", text_of(name))
    assert [test for path, test in named if test not in names_in(path)] == []


@pytest.mark.parametrize("name", WRITTEN)
def test_each_dotted_name_of_our_code_exists(name: str) -> None:
    named = sorted(set(DOTTED.findall(text_of(name))))
    code = [found for found in named if found.rsplit(".", 1)[1] not in FILE_ENDINGS]
    assert [found for found in code if not is_there(found)] == []


@EACH
def test_each_link_leads_somewhere(name: str) -> None:
    for link in links_of(name):
        path, _, anchor = link.partition("#")
        target = (ROOT / name).parent / path if path else ROOT / name
        assert target.exists(), f"{name}: {link}"
        assert not anchor or anchor in anchors_of(target), f"{name}: {link}"


@EACH
def test_each_make_command_exists(name: str) -> None:
    targets = set(re.findall(r"^([\w-]+):", text_of("Makefile"), re.MULTILINE))
    named = set(re.findall(r"(?:`|^    )make ([a-z][\w-]*)", text_of(name), re.MULTILINE))
    assert named <= targets


@EACH
def test_each_method_of_model_and_taste_exists(name: str) -> None:
    holders = {"model": engine.TasteModel, "taste": engine.Taste}
    for holder, attribute in re.findall(r"`(model|taste)\.(?!py\b)(\w+)", text_of(name)):
        if name != "docs/api.md":  # whose docstrings name attributes too
            assert hasattr(holders[holder], attribute), f"{holder}.{attribute}"


def test_each_metric_to_watch_exists() -> None:
    named = set(re.findall(r"reeltwin_[a-z_]+", text_of("docs/operations.md")))
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "bot/app").glob("*.py"))
    assert len(named) > 4
    assert [one for one in named if f'"{one.removesuffix("_total")}"' not in code] == []


@EACH
def test_each_setting_that_is_named_is_explained_in_the_example(name: str) -> None:
    example = set(re.findall(r"^(?:# )?([A-Z_]+)=", text_of(".env.example"), re.MULTILINE))
    own = "DISCORD|DATABASE|BACKUP|COMMAND|MODEL|HEALTH|SHARD"
    named = set(re.findall(rf"\b((?:{own})_[A-Z]+)\b", text_of(name)))
    assert named <= example


def test_each_picture_of_the_documents_is_shown_with_words_for_it() -> None:
    shown = set()
    for name in DOCUMENTS:
        prose = prose_of(name)
        images = re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", prose)
        images += [(alt, src) for src, alt in re.findall(r'src="(.+?)"[^>]*? alt="(.*?)"', prose)]
        assert prose.count("<img") + prose.count("![") == len(images), f"{name}: no alt text"
        for alt, source in images:
            assert len(alt) > 20, f"{name}: {source}"
            shown.add(((ROOT / name).parent / source).resolve())
    pictures = {path for end in ("png", "svg") for path in (ROOT / "docs").rglob(f"*.{end}")}
    assert pictures - shown == set()


def test_the_readme_lists_every_command_and_no_other() -> None:
    table = text_of("README.md").split("| command | what it does |")[1].split("\n\n")[0]
    named = {name for line in table.splitlines() for name in re.findall(r"`!(\w+)", line)}
    assert named == {command.name for command in commands()}


def test_the_readme_is_read_in_one_sitting() -> None:
    assert len(text_of("README.md").splitlines()) <= 200


def packages() -> Iterator[str]:
    """Folders of the shipped packages, those of data among them."""
    for package in ("bot", "engine", "storage"):
        for path in [ROOT / package, *(ROOT / package).rglob("*")]:
            if path.is_dir() and path.name != "__pycache__" and any(path.glob("*.*")):
                yield path.relative_to(ROOT).as_posix()


def test_every_folder_of_the_code_is_in_the_tree_of_the_architecture() -> None:
    tree = text_of("docs/architecture.md")
    assert [folder for folder in packages() if f"`{folder}/`" not in tree] == []


@pytest.mark.parametrize(
    ("title", "package", "floors"),
    [
        ("Of `engine`:", "engine", ENGINE_FLOORS),
        ("Of `bot`:", "bot", BOT_FLOORS),
        ("And of `bot/discord/`:", "bot.discord", DISCORD_FLOORS),
    ],
)
def test_the_floors_of_the_architecture_are_those_that_are_asserted(
    title: str, package: str, floors: Sequence[Sequence[str]]
) -> None:
    block = text_of("docs/architecture.md").split(f"\n{title}")[1].split("\n\n")[1]
    drawn = [line.split(":")[0].replace("__init__", "").split() for line in block.splitlines()]
    short = [[name.removeprefix(package).strip(".") for name in floor] for floor in floors]
    assert [set(floor) for floor in drawn] == [set(filter(None, floor)) for floor in short]


def test_each_paper_of_the_glossary_is_cited_in_the_code() -> None:
    code = " ".join(
        re.sub(r"\s+", " ", path.read_text(encoding="utf-8"))
        for path in (ROOT / "engine").rglob("*.py")
    )
    cells = re.findall(r"^\|.*\|(.*)\|$", text_of("docs/glossary.md"), re.MULTILINE)[2:]
    cited = [one.strip() for cell in cells for one in cell.split(";") if one.strip()]
    assert len(cited) > 20
    papers = {re.split(r", (?:eq|sec)\.", one)[0] for one in cited}
    assert [paper for paper in sorted(papers) if paper not in code] == []


def test_nothing_leads_out_of_the_repository() -> None:
    """A stranger has this folder only."""
    outside = re.compile(r"(?<![\w.])\.\./(?:\.\./)*shared\b")
    told = [*ROOT.glob("*"), *(p for top in PACKAGES for p in (ROOT / top).rglob("*.py"))]
    files = [path for path in told if path.is_file() and path.suffix in {"", ".py", ".md", ".toml"}]
    files += [ROOT / name for name in WRITTEN]
    assert [str(path) for path in files if outside.search(path.read_text("utf-8"))] == []


def test_the_document_of_the_api_is_what_its_command_writes() -> None:
    assert make_api.TARGET.read_text(encoding="utf-8") == make_api.api(), "run: make docs"
