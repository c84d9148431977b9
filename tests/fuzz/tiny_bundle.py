"""A sound bundle of random numbers, small enough to be loaded a hundred thousand times."""

from pathlib import Path
from typing import Any

import numpy as np

from engine.bundle.io import Bundle, save_bundle
from engine.data.catalogue import Catalogue, genre_matrix
from engine.data.features import N_MOVIE_FEATURES
from engine.linalg.gaussian import Floats
from engine.linalg.parameters import Parameters

N_MOVIES, N_RATED, N_USERS, D = 12, 8, 5, 3
_F = N_MOVIE_FEATURES + D  # as engine.heads.star_regression.star_features makes them

_QUALITY = {
    "ndcg_at_10": 0.5,
    "recall_at_20": 0.4,
    "rmse": 0.9,
    "mae": 0.7,
    "covered_80": 0.8,
    "covered_95": 0.95,
}
CARD: dict[str, Any] = {
    "name": "tiny",
    "trained": "2026-11-24",
    "data": [{"name": "made up", "n_ratings": 20, "n_users": N_USERS}],
    "movies": N_MOVIES,
    "movies_with_vectors": N_RATED,
    "users": N_USERS,
    "ratings": 4 * N_USERS,
    "settings": {"heads": {"als": {"factors": D}}, "held_out": 3, "seed": 1},
    "quality_by_ratings_given": {"5": _QUALITY, "20": _QUALITY},
}
METRICS: dict[str, Any] = {
    "steps": [
        {"head": "als", "loss": 1.5, "held_out": 0.5},
        {"head": "stars", "loss": 0.5, "held_out": None},
    ]
}


def write_bundle(folder: Path) -> None:
    save_bundle(Bundle(_catalogue(), _parameters(), CARD, b"\x89PNG", METRICS), folder)


def _catalogue() -> Catalogue:
    rng = np.random.default_rng(1)
    return Catalogue(
        movie_ids=np.arange(1, N_MOVIES + 1) * 3,
        names=[f"Film {n}" for n in range(N_MOVIES)],
        years=(1980 + np.arange(N_MOVIES)).astype(np.int16),
        aliases=[("Étude",) if n % 4 == 0 else () for n in range(N_MOVIES)],
        genres=genre_matrix(["Action|Sci-Fi", "Drama", "(no genres listed)"] * (N_MOVIES // 3)),
        imdb_ids=np.arange(N_MOVIES) + 100,
        tmdb_ids=np.arange(N_MOVIES) + 200,
        counts=rng.integers(60, 900, N_MOVIES),
        means=rng.uniform(1, 5, N_MOVIES),
        biases=rng.uniform(-1, 1, N_MOVIES).astype(np.float32),
        tags=[("twist",)] * N_MOVIES,
    )


def _parameters() -> Parameters:
    rng = np.random.default_rng(1)

    def normal(*shape: int) -> Floats:
        return rng.standard_normal(shape, np.float32)

    each = 4  # ratings of a user
    movies = np.array([rng.permutation(N_RATED)[:each] for _ in range(N_USERS)], np.int32)
    return Parameters(
        {
            "items.rows": np.arange(N_RATED),
            "users.items": movies.flatten(),
            "users.half_stars": rng.integers(1, 11, N_USERS * each, np.uint8),
            "users.offsets": np.arange(N_USERS + 1) * each,
            "users.vectors": normal(N_USERS, D),
            "map.coordinates": normal(N_RATED, 2),
            "map.regions": np.zeros(N_RATED, np.int16),
            "dimensions.rotation": np.eye(D),
            "als.vectors": normal(N_RATED, D),
            "als.prior_mean": normal(D),
            "als.prior_precision": np.eye(D, dtype=np.float32) * 20,
            "als.background": np.full(N_RATED, 0.06, np.float32),
            "stars.prior_mean": normal(_F) * np.float32(0.1),
            "stars.prior_precision": np.eye(_F, dtype=np.float32) * 5,
            "stars.std_scale": np.ones(10, np.float32),
            "ease.sources": np.arange(N_RATED, dtype=np.int32)[::-1],
            "ease.weights": np.full(N_RATED, 0.1, np.float16),
            "ease.offsets": np.arange(N_RATED + 1),
        },
        {
            "items.global_mean": 3.5,
            "als.prior_strength": 0.045,
            "als.weight": 1.0,
            "als.half_weight_at": 0.0,
            "stars.noise": 0.5,
            "stars.weight": 0.04,
            "stars.half_weight_at": 0.0,
            "ease.weight": 0.8,
            "ease.half_weight_at": 10.0,
        },
    )
