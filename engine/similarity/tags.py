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
import numpy.typing as npt

from engine.linalg.csr import CsrRows
from engine.linalg.rows import unit_rows

Floats = npt.NDArray[np.float32]

_SHARED = 2  # films that must have a tag for it to tell anything
_DOUBT = 5.0  # as if one more tag, that nobody else gave: one rare tag alone proves little
_RIDGE = 5.0
_THEMES = 48


def tag_vectors(tags: Sequence[tuple[str, ...]]) -> CsrRows:
    """Return each movie's tags weighted by rarity (tf-idf): a row a movie, a column a tag.

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
    triples = (np.array(rows, np.int64), np.array(columns, np.int64), np.array(values, np.float32))
    return CsrRows.from_triples(*triples, len(tags))


def tag_embeddings(tags: CsrRows, features: Floats) -> Floats:
    """Return the themes of every movie, [n_movies, up to 48].

    A movie's themes have length 1, or less where less is predicted than for movies with tags, for
    want of ratings mostly. From fewer movies with tags than features nothing can be learned: then
    the features are all that there is to go by.

    Parameters
    ----------
    tags
        :func:`tag_vectors`.
    features
        What the tags are predicted from, [n_movies, f].
    """
    tagged = np.flatnonzero(tags.counts)
    if len(tagged) < features.shape[1]:
        return unit_rows(features)
    # Of a film with many tags more is known.
    weight = np.sqrt(tags.counts[tagged]).astype(np.float32)[:, None]
    centre = (weight * features[tagged]).sum(0) / weight.sum()
    known = features[tagged] - centre
    spread = known.T @ (weight * known)
    factor = np.linalg.cholesky(spread + _RIDGE * np.eye(len(spread), dtype=np.float32))
    towards = (weight * known).T @ tags.take(tagged).dense(int(tags.columns.max()) + 1)
    half = np.linalg.solve(factor, towards)
    strength, directions = np.linalg.eigh(half @ half.T)  # ascending
    kept = directions[:, -_THEMES:] * np.sqrt(strength[-_THEMES:].clip(0))
    projection = np.linalg.solve(factor.T, kept)
    predicted = (features - centre) @ projection
    length = np.linalg.norm(predicted, axis=1, keepdims=True)
    typical = (weight * length[tagged]).sum() / weight.sum()
    themes: Floats = predicted / np.maximum(length, typical)
    return themes
