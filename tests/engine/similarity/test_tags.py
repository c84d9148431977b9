"""Tags, and the themes that they predict for films that nobody tagged."""

import numpy as np
import pytest
import torch

from engine.similarity.tags import tag_embeddings, tag_vectors

SPACE, LOVE = ("space", "aliens"), ("love", "paris")


def test_rare_tags_weigh_more_and_one_alone_proves_little() -> None:
    tags = [("rare", "common"), ("rare",), ("common",), ("common",), ("nobody else's",), ()]
    vectors = tag_vectors(tags).to_dense()
    assert vectors.shape == (6, 2)
    likeness = vectors @ vectors.T
    assert likeness[0, 1] > likeness[0, 2] > 0
    assert vectors[0].norm() < 1
    assert vectors[1].norm() < vectors[0].norm()
    assert not vectors[4:].any()


@pytest.fixture(scope="module")
def groups() -> tuple[list[tuple[str, ...]], torch.Tensor]:
    """200 films of two groups that differ in one feature out of ten; the first 120 have tags."""
    noise = np.random.default_rng(1).normal(size=(200, 10))
    noise[:, 3] = np.where(np.arange(200) % 2, 1.0, -1.0)
    tags = [LOVE if row % 2 else SPACE for row in range(120)] + [()] * 80
    return tags, torch.from_numpy(noise.astype(np.float32))


def test_the_untagged_get_the_themes_of_those_they_resemble(
    groups: tuple[list[tuple[str, ...]], torch.Tensor],
) -> None:
    tags, features = groups
    found = tag_embeddings(tag_vectors(tags), features)[120:]
    alike = found @ found.T
    love = torch.arange(80) % 2 == 1
    same = love[:, None] == love
    assert alike[same].median() > 0.5
    assert alike[~same].median() < -0.5
    assert alike.max() <= 1 + 1e-5


def test_with_hardly_any_tags_the_features_are_all_there_is() -> None:
    features = torch.tensor([[3.0, 4.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 2.0]])
    unit = torch.tensor([[0.6, 0.8, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    for tags in ([()] * 3, [("love",), ("love",), ()]):
        torch.testing.assert_close(tag_embeddings(tag_vectors(tags), features), unit)
