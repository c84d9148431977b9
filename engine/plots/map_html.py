"""The map as a page to explore: one HTML file with all in it that it needs.

Its parts lie in ``engine/plots/map_page``: the page, its style, and its script in modules that are
joined in the order of ``_MODULES``. The policy of the page allows this very script and style and
forbids everything else: it cannot reach a network.
"""

import base64
import hashlib
import html
import json
from importlib import resources
from importlib.resources.abc import Traversable
from string import Template
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.data.catalogue import GENRES
from engine.model import TasteModel
from engine.plots.genre_colours import GROUPS, group_of
from engine.plots.map_location import credible_region, map_location
from engine.plots.theme import ACCENT, BACKGROUND, INK, MUTED, PANEL, RATING_COLOURS
from engine.recommend.taste import Taste

_MODULES = (
    *("movies", "search", "camera", "points", "layer", "ratings", "labels", "card", "finder"),
    *("gestures", "main"),
)
_WHOLE = 65_535  # what stands for 1 in packed coordinates

Floats = npt.NDArray[np.float64]


def render_map_page(model: TasteModel, taste: Taste | None = None) -> str:
    """Return all rated movies as a page to zoom and search; with a taste, its ratings and location.

    About 0.8 MB, and the browser needs nothing else. Whatever is in the titles, the text can be
    encoded as UTF-8, and the page shows them as they are.

    Parameters
    ----------
    model
        The movies and their layout.
    taste
        Whose map it is; None, or one without ratings, for the map of all.
    """
    known = taste is not None and bool(taste.ratings)
    n_films = len(model.rated_rows)
    style = _theme() + _part("page.css").read_text("utf-8")
    script = "\n".join(_part(f"{name}.js").read_text("utf-8") for name in _MODULES)
    script = f'(() => {{\n"use strict";\n{script}\n}})();\n'
    return Template(_part("page.html").read_text("utf-8")).substitute(
        policy=_policy(script, style),
        title="Your map of films" if known else "The map of films",
        described=f"A map of {n_films:,} films",
        about_ratings=_ABOUT_RATINGS if known else "",
        licence=html.escape(resources.files("engine").joinpath("licence_data.txt").read_text()),
        style=style,
        data=_embedded(_data(model, taste if known else None)),
        script=script,
    )


_ABOUT_RATINGS = (
    "Stars mark what you rated. The ring is where your taste stands, as far as your ratings tell: "
    "in four cases of five it is somewhere in the shade. The more you rate, the surer."
)


def _part(name: str) -> Traversable:
    return resources.files("engine.plots") / "map_page" / name


def _theme() -> str:
    colours = {
        "ground": BACKGROUND, "panel": PANEL, "ink": INK, "muted": MUTED, "accent": ACCENT,
    }  # fmt: skip
    return f":root {{ {' '.join(f'--{name}: {value};' for name, value in colours.items())} }}\n"


def _policy(script: str, style: str) -> str:
    """A Content-Security-Policy: this script and style by their hashes, and nothing else."""

    def source(text: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    return (
        f"default-src 'none'; script-src {source(script)}; style-src {source(style)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _embedded(data: dict[str, Any]) -> str:
    """JSON that may stand in a script element: nothing in it can end that, or is not ASCII."""
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _data(model: TasteModel, taste: Taste | None) -> dict[str, Any]:
    """What the script draws; movies are numbered by fame, points are in the map's square."""
    rows = model.rated_rows
    fame = np.argsort(-model.catalogue.counts[rows], kind="stable")
    square = _Square(model.map_coordinates)
    return {
        "films": _films(model, rows[fame], square.to_square(model.map_coordinates[fame])),
        "groups": [{"name": group.name, "colour": group.colour} for group in GROUPS],
        "regions": [[region.name, *square.point(region.x, region.y)] for region in model.regions],
        "liking": RATING_COLOURS,
        "rated": [] if taste is None else _rated(model, taste, fame),
        "you": None if taste is None else _you(model, taste, square),
    }


class _Square:
    """The square 0..1 that the page draws, y downwards; the map has y upwards."""

    def __init__(self, points: npt.NDArray[np.float32]) -> None:
        self.low = points.min(0).astype(np.float64)
        self.span = np.maximum(points.max(0) - self.low, 1e-6)

    def to_square(self, points: npt.NDArray[Any]) -> Floats:
        """Return map coordinates [n, 2] in the square; those outside on its edge."""
        unit = np.clip((points - self.low) / self.span, 0, 1)
        result: Floats = np.stack([unit[:, 0], 1 - unit[:, 1]], axis=1)
        return result

    def point(self, x: float, y: float) -> list[float]:
        point: list[float] = self.to_square(np.array([[x, y]]))[0].round(5).tolist()
        return point


def _rated(model: TasteModel, taste: Taste, fame: npt.NDArray[np.int64]) -> list[tuple[int, float]]:
    """The rated films that are on the map, by number, with their stars."""
    number = np.empty(len(fame), dtype=np.int64)
    number[fame] = np.arange(len(fame))
    at = model.rated_position[taste.rows]
    return [
        (int(number[film]), stars)
        for film, stars in zip(at.tolist(), taste.ratings.values(), strict=True)
        if film >= 0
    ]


def _you(model: TasteModel, taste: Taste, square: _Square) -> dict[str, Any]:
    """Return the user's location, and the four in five likeliest of the possible ones."""
    found = map_location(model, taste)
    around = credible_region(found.possible)
    column = np.abs(found.possible[:, :1] - around.x).argmin(1)
    row = np.abs(found.possible[:, 1:] - around.y).argmin(1)
    likely = found.possible[around.density[row, column] >= around.level]
    return {
        "place": square.point(found.x, found.y),
        "possible": square.to_square(likely).round(4).tolist(),
    }


def _films(model: TasteModel, rows: npt.NDArray[np.int64], places: Floats) -> dict[str, Any]:
    """The columns of catalogue rows: numbers as base64 of little-endian arrays."""
    catalogue = model.catalogue
    bits = catalogue.genres[rows] @ (1 << np.arange(len(GENRES)))
    packed = (places * _WHOLE).round()
    return {
        "name": [" ".join(catalogue.names[row].split()) for row in rows],
        "aliases": {
            i: catalogue.aliases[row] for i, row in enumerate(rows) if catalogue.aliases[row]
        },
        "genreNames": GENRES,
        "x": _packed(packed[:, 0], "<u2"),
        "y": _packed(packed[:, 1], "<u2"),
        "year": _packed(catalogue.years[rows], "<u2"),
        "group": _packed(group_of(catalogue, rows), "<u1"),
        "count": _packed(catalogue.counts[rows], "<u4"),
        "genres": _packed(bits, "<u4"),
        "imdb": _packed(catalogue.imdb_ids[rows], "<u4"),
    }


def _packed(values: npt.NDArray[Any], kind: str) -> str:
    return base64.b64encode(values.astype(kind).tobytes()).decode()
