"""The heads of a model, in the order in which they are trained and summed."""

from typing import Any

from engine.heads.als import AlsHead
from engine.heads.base import Scorer
from engine.heads.ease import EaseHead
from engine.heads.star_head import StarHead

HEADS: tuple[type[Scorer[Any]], ...] = (AlsHead, StarHead, EaseHead)
