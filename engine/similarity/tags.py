r"""What films are about: the tags that users gave, and the themes these predict for all movies.

Only some 2,300 films have tags, most of them one or two. But movies without tags share audience and
genres with movies that a user called "dystopia". So tags are predicted from a movie's other
features by ridge regression, and the predictions are seen along the directions in which they differ
most: reduced-rank regression (Izenman 1975). Tags that users gave for reasons of their own ("in
netflix queue") cannot be predicted, and drop out by themselves.

With features :math:`F` and tags :math:`T` of the tagged films, centred and weighted, and
:math:`F^T F + \lambda I = L L^T`, the prediction is :math:`F L^{-T} H` with :math:`H = L^{-1} F^T
T`. Of the eigenvectors :math:`U` of :math:`H H^T = U S U^T` the first few are kept; the themes are
:math:`F L^{-T} U \sqrt S`, whose dot products are those of the predictions.
"""

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import normalize

_SHARED = 2  # films that must have a tag for it to tell anything
_DOUBT = 5.0  # as if one more tag, that nobody else gave: one rare tag alone proves little
_RIDGE = 5.0
_THEMES = 48


def tag_vectors(tags: Sequence[tuple[str, ...]]) -> Tensor:
    """Return each movie's tags weighted by rarity (tf-idf), sparse [n_movies, n_tags].

    Rows are shorter than 1, the more so the fewer and commoner the tags. A movie without tags, or
    with none that another movie shares, has an empty row.
    """
    films = Counter(tag for given in tags for tag in given)
    column = {tag: i for i, tag in enumerate(t for t, n in films.items() if n >= _SHARED)}
    n_tagged = sum(map(bool, tags))
    rarity = {tag: math.log((1 + n_tagged) / films[tag]) for tag in column}
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    for row, given in enumerate(tags):
        known = [tag for tag in given if tag in column]
        length = math.hypot(_DOUBT, *(rarity[tag] for tag in known))
        rows += [row] * len(known)
        columns += [column[tag] for tag in known]
        values += [rarity[tag] / length for tag in known]
    indices = torch.tensor([rows, columns], dtype=torch.int64)
    shape = (len(tags), len(column))
    vectors = torch.sparse_coo_tensor(
        indices, torch.tensor(values), shape, check_invariants=True, dtype=torch.float32
    )
    return vectors.coalesce()


def tag_embeddings(tags: Tensor, features: Tensor) -> Tensor:
    """Return the themes of every movie, [n_movies, up to 48].

    A movie's themes have length 1, or less where less is predicted than for movies with tags, for
    want of ratings mostly. From fewer movies with tags than features nothing can be learned: then
    the features are all that there is to go by.

    Parameters
    ----------
    tags
        :func:`tag_vectors`, sparse [n_movies, n_tags].
    features
        What the tags are predicted from, [n_movies, f].
    """
    tagged, n_tags = np.unique(tags.indices()[0].numpy(), return_counts=True)
    if len(tagged) < features.shape[1]:
        return normalize(features, dim=1)
    # Of a film with many tags more is known.
    weight = torch.from_numpy(np.sqrt(n_tags).astype(np.float32))[:, None]
    centre = (weight * features[tagged]).sum(0) / weight.sum()
    known = features[tagged] - centre
    spread = known.T @ (weight * known)
    factor = torch.linalg.cholesky(spread + _RIDGE * torch.eye(len(spread)))
    towards = (tags.index_select(0, torch.from_numpy(tagged)).T @ (weight * known)).T
    half = torch.linalg.solve_triangular(factor, towards, upper=False)
    strength, directions = torch.linalg.eigh(half @ half.T)  # ascending
    kept = directions[:, -_THEMES:] * strength[-_THEMES:].clamp_min(0).sqrt()
    projection = torch.linalg.solve_triangular(factor.T, kept, upper=True)
    predicted = (features - centre) @ projection
    length = predicted.norm(dim=1, keepdim=True)
    typical = (weight * length[tagged]).sum() / weight.sum()
    result: Tensor = predicted / length.clamp_min(float(typical))
    return result
