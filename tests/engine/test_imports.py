"""What a process that only serves has to load, and one that draws, asked of a fresh one.

What training needs is an extra that serving must do without.
"""

import json
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow  # to begin and to import everything takes seconds

TRAINING = {"torch", "pandas", "umap", "numba", "scipy", "sklearn"}

SERVING = """
import json, sys
import engine
model = engine.load_model()
taste = model.fit({1214: 5.0})
taste.recommend(5), taste.predict([1]), model.similar(1), model.twins(taste), model.titles
print(json.dumps(sorted(sys.modules)))
"""

EVERYTHING = """
import importlib, pkgutil
import bot, storage
data = ("engine.data.movielens", "engine.data.dataset")
training = ("engine.training.", "engine.cli_training", *data)
for package in (bot, engine, storage):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if not module.name.endswith("__main__") and not module.name.startswith(training):
            importlib.import_module(module.name)
from engine.plots.map import draw_map, draw_neighbourhood
draw_map(model), draw_neighbourhood(model, 1)
print(json.dumps(sorted(sys.modules)))
"""


@pytest.fixture(scope="module")
def loaded() -> list[set[str]]:
    """Return the modules loaded after serving somebody, and after importing and drawing more."""
    done = subprocess.run(
        [sys.executable, "-c", SERVING + EVERYTHING],
        capture_output=True,
        text=True,
        check=True,
        timeout=600,
    )
    return [set(json.loads(line)) for line in done.stdout.splitlines()]


def test_serving_loads_neither_the_tools_of_training_nor_a_face(loaded: list[set[str]]) -> None:
    serving, _ = loaded
    assert "engine.recommend.taste" in serving
    faces = {"matplotlib", "discord"}
    assert not serving & {*TRAINING, *faces, "engine.training.train", "engine.data.movielens"}


def test_everything_but_training_does_without_pyplot_and_what_training_needs(
    loaded: list[set[str]],
) -> None:
    _, everything = loaded
    assert {"matplotlib.figure", "bot.services", "engine.cli", "asyncpg"} <= everything
    assert not everything & {*TRAINING, "matplotlib.pyplot", "engine.training.train"}


@pytest.mark.parametrize("command", ["train", "evaluate"])
def test_training_without_its_packages_says_what_to_install(command: str) -> None:
    program = f"""
import sys
sys.modules["torch"] = None  # as if it were not installed
from engine.cli import main
raise SystemExit(main([{command!r}, "--data", "data"]))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 1
    assert done.stderr == (
        "error: Training needs torch, which is not installed: pip install -e '.[train]'.\n"
    )
