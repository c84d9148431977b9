"""The benchmark of the map, and that the map that ships keeps similar films near."""

import numpy as np
import pytest

from benchmarks.map_layout import best_known, by_distance, kept, measure, principal_components
from engine import TasteModel
from engine.linalg.rows import unit_rows


def test_the_figure_is_that_of_scikit_learn() -> None:
    from sklearn.manifold import trustworthiness  # takes seconds: only where it is needed

    rng = np.random.default_rng(1)
    vectors = rng.normal(size=(300, 8))
    for points in (principal_components(vectors), rng.normal(size=(300, 2))):
        ours = kept(vectors, by_distance, points, by_distance)
        assert ours == pytest.approx(trustworthiness(vectors, points, n_neighbors=10), abs=1e-6)


def test_a_plane_is_kept_whole_and_chance_is_a_half() -> None:
    corners = np.random.default_rng(2).normal(size=(400, 2))
    angle = np.arctan2(corners[:, 1], corners[:, 0])
    circle = np.column_stack([np.cos(angle), np.sin(angle)])
    whole = measure(circle, circle)
    assert whole.trustworthiness == pytest.approx(1, abs=1e-3)
    assert whole.continuity == pytest.approx(1, abs=1e-3)
    chance = measure(circle, np.random.default_rng(3).normal(size=(400, 2)))
    assert 0.4 < chance.trustworthiness < 0.6
    assert 0.4 < chance.continuity < 0.6


def test_the_map_keeps_similar_films_near_better_than_pca(model: TasteModel) -> None:
    known = best_known(model)[:2000]
    vectors = unit_rows(model.item_similarity.vectors[model.rated_rows])[known]
    ours = measure(vectors, model.map_coordinates[known])
    pca = measure(vectors, principal_components(vectors))
    assert 0.93 < ours.trustworthiness < 0.995
    assert 0.90 < ours.continuity < 0.995
    assert ours.trustworthiness > pca.trustworthiness + 0.1
    assert ours.continuity > pca.continuity + 0.03
