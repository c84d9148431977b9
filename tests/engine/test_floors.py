"""The floors of the engine: what may import what, and that nothing goes in a circle anywhere."""

import shutil
from pathlib import Path

import pytest

from tests.import_floors import circles, faults, imports_of

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "engine", "storage", "benchmarks", "tools")
FLOORS = (
    ("engine.__main__",),
    ("engine.cli",),
    ("engine.cli_training",),
    ("engine.cli_output",),
    ("engine.training",),
    ("engine.plots",),
    ("engine",),  # the public names
    ("engine.model",),
    ("engine.recommend",),
    ("engine.core",),
    ("engine.bundle",),  # above the heads: it asks them what tensors are theirs
    ("engine.heads", "engine.similarity", "engine.insights"),
    ("engine.data",),
    ("engine.titles", "engine.linalg"),
    ("engine.errors",),
)


def top(module: str) -> str:
    return module.partition(".")[0]


@pytest.fixture(scope="module")
def everything() -> dict[str, set[str]]:
    """The imports among all files of the repository but the tests."""
    return imports_of(*(ROOT / name for name in PACKAGES))


def test_every_file_of_the_engine_imports_from_floors_below_alone(
    everything: dict[str, set[str]],
) -> None:
    engine = {module: others for module, others in everything.items() if top(module) == "engine"}
    assert len(engine) > 60
    assert faults(engine, FLOORS) == []


@pytest.mark.parametrize("package", ["engine", "storage"])
def test_engine_and_storage_know_nothing_of_who_uses_them(
    package: str, everything: dict[str, set[str]]
) -> None:
    own = [others for module, others in everything.items() if top(module) == package]
    assert {top(other) for others in own for other in others} == {package}


def test_no_files_import_one_another_in_a_circle(everything: dict[str, set[str]]) -> None:
    assert circles(everything) == []


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The engine's sources, to turn an import round in."""
    return Path(
        shutil.copytree(
            ROOT / "engine", tmp_path / "engine", ignore=shutil.ignore_patterns("pretrained")
        )
    )


@pytest.mark.parametrize(
    "line",
    [
        "from engine.heads.als import preference",
        "import engine.heads.als",
        "from ..heads import als",
        "if TYPE_CHECKING:\n    from engine.heads.als import preference",
        "def late() -> None:\n    from engine.heads.als import preference",
    ],
)
def test_an_import_that_is_turned_round_is_noticed(copied: Path, line: str) -> None:
    file = copied / "linalg" / "gaussian.py"  # which the head imports
    file.write_text(file.read_text(encoding="utf-8") + f"\n{line}\n", encoding="utf-8")
    imports = imports_of(copied)
    assert faults(imports, FLOORS) == ["engine.linalg.gaussian imports engine.heads.als"]
    (circle,) = circles(imports)
    assert {"engine.heads.als", "engine.linalg.gaussian"} <= set(circle)


def test_parts_of_one_floor_do_not_import_each_other(copied: Path) -> None:
    (copied / "insights" / "fresh.py").write_text("import engine.similarity.items\n")
    assert faults(imports_of(copied), FLOORS) == [
        "engine.insights.fresh imports engine.similarity.items"
    ]


def test_a_package_without_a_floor_is_noticed(copied: Path) -> None:
    (copied / "fresh").mkdir()
    (copied / "fresh" / "__init__.py").write_text("")
    assert faults(imports_of(copied), [["engine.gone"], *FLOORS]) == [
        "engine.fresh stands on no floor",
        "engine.gone is no module",
    ]
