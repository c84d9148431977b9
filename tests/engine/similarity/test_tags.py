"""Tags, and the themes that they predict for films that nobody tagged."""

import numpy as np
import pytest

from engine.similarity.tags import Floats, tag_embeddings, tag_vectors

SPACE, LOVE = ("space", "aliens"), ("love", "paris")


def test_rare_tags_weigh_more_and_one_alone_proves_little() -> None:
    tags = [("rare", "common"), ("rare",), ("common",), ("common",), ("nobody else's",), ()]
    vectors = tag_vectors(tags).dense(2)
    assert vectors.shape == (6, 2)
    likeness = vectors @ vectors.T
    assert likeness[0, 1] > likeness[0, 2] > 0
    assert np.linalg.norm(vectors[0]) < 1
    assert np.linalg.norm(vectors[1]) < np.linalg.norm(vectors[0])
    assert not vectors[4:].any()


@pytest.fixture(scope="module")
def groups() -> tuple[list[tuple[str, ...]], Floats]:
    """200 films of two groups that differ in one feature out of ten; the first 120 have tags."""
    noise = np.random.default_rng(1).normal(size=(200, 10))
    noise[:, 3] = np.where(np.arange(200) % 2, 1.0, -1.0)
    tags = [LOVE if row % 2 else SPACE for row in range(120)] + [()] * 80
    return tags, noise.astype(np.float32)


def test_the_untagged_get_the_themes_of_those_they_resemble(
    groups: tuple[list[tuple[str, ...]], Floats],
) -> None:
    tags, features = groups
    found = tag_embeddings(tag_vectors(tags), features)[120:]
    alike = found @ found.T
    love = np.arange(80) % 2 == 1
    same = love[:, None] == love
    assert np.median(alike[same]) > 0.5
    assert np.median(alike[~same]) < -0.5
    assert alike.max() <= 1 + 1e-5


def test_with_hardly_any_tags_the_features_are_all_there_is() -> None:
    features = np.float32([[3.0, 4.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 2.0]])
    unit = np.float32([[0.6, 0.8, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    for tags in ([()] * 3, [("love",), ("love",), ()]):
        np.testing.assert_allclose(tag_embeddings(tag_vectors(tags), features), unit, rtol=1e-6)
