"""What a process that only serves has to load, and one that draws, asked of a fresh one."""

import json
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow  # to begin and to import everything takes seconds

HEAVY = ("pandas", "umap", "numba", "sklearn", "matplotlib", "discord")

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
import bot
for package in (bot, engine):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if not module.name.endswith("__main__"):
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
    assert not serving & {*HEAVY, "engine.training.train", "engine.data.movielens"}


def test_pictures_are_drawn_without_pyplot_and_without_umap(loaded: list[set[str]]) -> None:
    _, everything = loaded
    assert {"matplotlib.figure", "bot.services", "engine.training.train"} <= everything
    assert "matplotlib.pyplot" not in everything
    assert "umap" not in everything
