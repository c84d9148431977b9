"""The taste model: movie embeddings trained on MovieLens, and people fitted to them on demand.

>>> from engine import load_model
>>> model = load_model()
>>> taste = model.fit({1214: 5.0})
>>> [r.movie.title for r in taste.recommend(3)]  # doctest: +SKIP
"""

from engine.data.catalogue import Movie
from engine.errors import (
    BundleError,
    DataError,
    DownloadError,
    EngineError,
    UnknownMovieError,
)
from engine.insights.biases import BiasTable, MovieBias
from engine.insights.dimensions import Dimension, DimensionScore
from engine.model import Neighbour, TasteModel, load_model
from engine.recommend.active_learning import Question
from engine.recommend.groups import GroupPick
from engine.recommend.neighbours import Twin
from engine.recommend.taste import Reason, Recommendation, Taste

__all__ = [
    "BiasTable",
    "BundleError",
    "DataError",
    "Dimension",
    "DimensionScore",
    "DownloadError",
    "EngineError",
    "GroupPick",
    "Movie",
    "MovieBias",
    "Neighbour",
    "Question",
    "Reason",
    "Recommendation",
    "Taste",
    "TasteModel",
    "Twin",
    "UnknownMovieError",
    "load_model",
]

__version__ = "0.1.0"  # as in pyproject.toml
