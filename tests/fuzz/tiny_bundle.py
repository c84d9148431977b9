"""A sound bundle of random numbers, small enough to be loaded a hundred thousand times."""

from pathlib import Path

import numpy as np
import torch

from engine.bundle.io import Bundle, save_bundle
from engine.bundle.tensors import Tensors
from engine.data.catalogue import GENRES, Catalogue, genre_matrix

N_MOVIES, N_RATED, N_USERS, D = 12, 8, 5, 3
_F = 4 + len(GENRES) + D  # as engine.heads.star_regression.star_features makes them


def write_bundle(folder: Path) -> None:
    card = {"name": "tiny", "movies": N_MOVIES, "users": N_USERS}
    save_bundle(Bundle(_catalogue(), _tensors(), card, b"\x89PNG", {"steps": []}), folder)


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


def _tensors() -> Tensors:
    random = torch.Generator().manual_seed(1)

    def normal(*shape: int) -> torch.Tensor:
        return torch.randn(*shape, generator=random)

    each = 4  # ratings of a user
    movies = torch.stack([torch.randperm(N_RATED, generator=random)[:each] for _ in range(N_USERS)])
    return Tensors(
        rated_rows=torch.arange(N_RATED),
        vectors=normal(N_RATED, D),
        ranking_mean=normal(D),
        ranking_precision=torch.eye(D) * 20,
        background=torch.full((N_RATED,), 0.06),
        star_mean=normal(_F) * 0.1,
        star_precision=torch.eye(_F) * 5,
        star_spread=torch.ones(10),
        scalars=torch.tensor([3.5, 0.5, 0.045, 0.04, 0.8, 10.0], dtype=torch.float64),
        item_offsets=torch.arange(N_RATED + 1),
        item_sources=torch.arange(N_RATED, dtype=torch.int32).flip(0),
        item_weights=torch.full((N_RATED,), 0.1, dtype=torch.float16),
        atlas=normal(N_RATED, 2),
        user_offsets=torch.arange(N_USERS + 1) * each,
        user_movies=movies.flatten().int(),
        user_half_stars=torch.randint(1, 11, (N_USERS * each,), generator=random).byte(),
        user_vectors=normal(N_USERS, D),
    )
