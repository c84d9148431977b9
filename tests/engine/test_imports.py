"""What a process that only serves has to load, asked of fresh processes."""

import json
import subprocess
import sys

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
import importlib, json, pkgutil, sys
import bot, engine
for package in (bot, engine):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
from engine.plots.map import draw_map, draw_neighbourhood
model = engine.load_model()
draw_map(model), draw_neighbourhood(model, 1)
print(json.dumps(sorted(sys.modules)))
"""


def modules_after(script: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=120
    )
    return set(json.loads(done.stdout))


def test_serving_loads_neither_the_tools_of_training_nor_a_face() -> None:
    loaded = modules_after(SERVING)
    assert "engine.recommend.taste" in loaded
    assert not loaded & {*HEAVY, "engine.training.train", "engine.data.movielens"}


def test_pictures_are_drawn_without_pyplot_and_without_umap() -> None:
    loaded = modules_after(EVERYTHING)
    assert {"matplotlib.figure", "bot.services", "engine.training.train"} <= loaded
    assert "matplotlib.pyplot" not in loaded
    assert "umap" not in loaded
