"""How each head is trained, in the order in which they build on one another."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.heads.als import AlsHead
from engine.heads.base import Scorer
from engine.heads.ease import EaseHead
from engine.heads.star_head import StarHead
from engine.training import als, ease, star_head
from engine.training.base import OnStep, TrainingData
from engine.training.settings import AlsSettings, EaseSettings, HeadSettings, Settings, StarSettings


@dataclass(frozen=True)
class Trainer:
    """How one kind of ``head`` is trained.

    ``train`` gets the data and the heads before it in the list, by name; a head that is trained
    step by step tells each.
    """

    head: type[Scorer[Any]]
    settings: type[HeadSettings]
    train: Callable[[TrainingData, Mapping[str, Scorer[Any]], OnStep], Scorer[Any]]


# One for each of engine.heads.registry.HEADS.
TRAINERS = (
    Trainer(AlsHead, AlsSettings, als.train),
    Trainer(StarHead, StarSettings, star_head.train),
    Trainer(EaseHead, EaseSettings, ease.train),
)


def settings_by_head(settings: Settings) -> dict[str, HeadSettings]:
    """The settings of all heads, by their names."""
    given = {type(own): own for own in settings.heads}
    return {one.head.name: given.get(one.settings, one.settings()) for one in TRAINERS}
