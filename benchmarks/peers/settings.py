"""How a peer's settings are written down, and how they are chosen.

Each is a field of a frozen dataclass that holds the value chosen and all those tried::

    ridge: float = tried(200, 50, 100, 200, 400)
"""

from collections.abc import Callable, Mapping
from dataclasses import Field, field, fields, replace
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

S = TypeVar("S", bound="DataclassInstance")
Figures = Mapping[str, float]  # by name, as in engine.training.evaluate.FIGURES


def tried(chosen: Any, *values: Any, by: str = "ndcg_at_10") -> Any:
    """Declare a setting: the value chosen among those tried, and by which figure."""
    return field(default=chosen, metadata={"tried": values, "by": by})


def search(settings: S, measure: Callable[[S], Figures]) -> S:
    """The best settings, by coordinate search.

    From where they stand, each setting in turn takes the best of its values, until a round of all
    of them changes none.
    """
    before = None
    while settings != before:
        before = settings
        for setting in fields(settings):
            figures = along(settings, setting, measure)
            better = min if setting.metadata["by"] == "rmse" else max
            best = better(figures, key=figures.__getitem__)
            settings = replace(settings, **{setting.name: best})
    return settings


def along(settings: S, setting: Field[Any], measure: Callable[[S], Figures]) -> dict[Any, float]:
    """What each value tried for one setting measures, the others being as they are."""
    return {
        value: measure(replace(settings, **{setting.name: value}))[setting.metadata["by"]]
        for value in setting.metadata["tried"]
    }
