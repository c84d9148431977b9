"""The model itself: the films it finds most loved, its dimensions, what it is made of."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from bot.errors import UserError
from bot.replies import Choice, Column, Option, Picture, Reply, Role, Table
from bot.services.base import Caller, Services
from bot.services.taste import how_far
from bot.services.wording import FILM, RANK, counted, film_cell, listed
from engine import Dimension, FilmBias, TasteModel
from engine.dimensions import End

_LISTED = 10  # dimensions told at once
_TRAITS = 4
_MIDDLE = 0.1  # standard deviations within which nobody leans anywhere
_NO_LABEL = "no name fits"
_EVERYBODYS = "liking what everybody watches"
_CURVES = (
    "Two charts of the training, step by step: the loss falls, and the quality on people held out "
    "gets better, for the ranking and for the stars"
)
_LEGEND = (
    "Stars off: how far my guess is from the stars given, on average (MAE); RMSE weighs big misses "
    "more. NDCG@10: how near my first ten come to a perfect list, which is 1. Recall@20: how many "
    "of the films they love are among my first twenty."
)
_LICENCE = (
    "MovieLens is by GroupLens, University of Minnesota, who do not endorse me; no commercial use "
    "without their permission. F. M. Harper and J. A. Konstan, 2015: The MovieLens Datasets: "
    "History and Context. ACM TiiS 5(4), https://doi.org/10.1145/2827872"
)


async def bias(services: Services, caller: Caller, count: int = 10) -> Reply:
    """The most and the least loved films, by what the same people give other films."""
    found = await services.compute(services.model.bias_table, count)
    return Reply(
        title="The most and the least loved films",
        text="How many stars a film gets above the average film, or below it, from the same "
        f"people. Of the films with {found.min_count:,} ratings or more.",
        tables=(
            _bias_table(found.most_loved, "Most loved"),
            _bias_table(found.least_loved, "Least loved"),
        ),
        hint=f"What I think of a film for you: {services.typed('predict Alien')}",
    )


async def dimension(services: Services, caller: Caller, number: int | None = None) -> Reply:
    """One dimension of taste, or the first ten to choose from."""
    if number is None:
        return await services.compute(_overview, services.model)
    last = services.model.n_dimensions - 1
    if not 0 <= number <= last:
        raise UserError(
            f"The dimensions are numbered from 0 to {last}, so there is no {number}. "
            f"For example: {services.typed('dimension 1')}"
        )
    shown = await services.compute(services.model.dimension, number)
    ways = (("← Previous", number - 1), ("Next →", number + 1))
    return Reply(
        title=f"Dimension {number}: {_name(shown)}",
        text="\n".join(
            (
                f"{_share(shown)} of what sets people’s tastes apart. "
                + await _where(services, caller, number),
                *_evidence("+", shown.high),
                *_evidence("-", shown.low),
            )
        ),
        tables=(_end_table("+", shown.high), _end_table("-", shown.low)),
        buttons=(
            *(
                Option(label, f"dimension {other}", in_place=True)
                for label, other in ways
                if 0 <= other <= last
            ),
            Option("All", "dimension", in_place=True),
        ),
    )


async def model_card(services: Services, caller: Caller) -> Reply:
    """What the model was trained on and how well it does on people it has never seen."""
    card, curves = services.model.card, services.model.bundle.curves
    quality = card.get("quality_by_ratings_given", {})
    return Reply(
        title="What I am made of",
        text=_facts(card),
        picture=Picture("curves.png", curves, _CURVES) if curves else None,
        tables=(_quality_table(quality, card["settings"]["held_out"]),) if quality else (),
        buttons=(Option("The dimensions of taste", "dimension"),),
        hint=(_LEGEND + "\n" if quality else "") + _LICENCE,
    )


def _facts(card: dict[str, Any]) -> str:
    named = listed(one["name"] for one in card["data"])
    day = date.fromisoformat(card["trained"])
    return (
        f"Trained on {day.day} {day:%B %Y} from {card['ratings']:,} "
        f"ratings by {card['users']:,} MovieLens users ({named}).\n"
        f"I know {card['movies']:,} films: {card['movies_with_vectors']:,} by who liked them, the "
        "others by genre, year and series."
    )


def _bias_table(films: Sequence[FilmBias], heading: str) -> Table:
    return Table(
        (RANK, FILM, Column("Stars above average", Role.VALUE), Column("Ratings", Role.VALUE)),
        tuple(
            (
                str(rank),
                film_cell(film.movie),
                f"{film.bias:+.2f}",
                counted(film.count, "rating"),
            )
            for rank, film in enumerate(films, start=1)
        ),
        heading,
    )


def _overview(model: TasteModel) -> Reply:
    first = [model.dimension(number) for number in range(min(_LISTED, model.n_dimensions))]
    return Reply(
        title="The dimensions of taste",
        text=f"Tastes differ in {model.n_dimensions} directions; these say most. Their names are "
        "guessed from the films at either end.",
        tables=(
            Table(
                (RANK, Column("From … to", Role.LEAD), Column("Share", Role.VALUE)),
                tuple((str(one.number), _name(one), _share(one)) for one in first),
            ),
        ),
        choices=(
            Choice(
                "Look at one",
                tuple(
                    Option(
                        _name(one),
                        f"dimension {one.number}",
                        f"dimension {one.number}",
                        in_place=True,
                        key=str(one.number),
                    )
                    for one in first
                ),
                in_place=True,
            ),
        ),
    )


def _name(dimension: Dimension) -> str:
    if dimension.number == 0:
        return _EVERYBODYS
    # The engine's arrow would become an emoji on Discord.
    return dimension.label.replace("↔", "against") if dimension.label else _NO_LABEL


def _share(dimension: Dimension) -> str:
    return f"{dimension.variance:.1%}"


async def _where(services: Services, caller: Caller, number: int) -> str:
    """Where the caller lies along a dimension."""
    taste = await services.taste_of(caller)
    if not taste.ratings:
        return f"Where do you lie? Rate a few films: {services.typed('quiz')}"
    position = await services.compute(services.model.position, taste, number)
    if abs(position) < _MIDDLE:
        return "You lie in the middle."
    return f"You lean {how_far(position)} towards {'+' if position > 0 else '-'}."


def _evidence(sign: str, end: End) -> Iterator[str]:
    """What the films at an end share, beside how usual it is."""
    traits = [
        f"{trait.share:.0%} {trait.name} (usual {trait.usual:.0%})"
        for trait in end.traits[:_TRAITS]
    ]
    if traits:
        yield f"Towards {sign}: {', '.join(traits)}."


def _end_table(sign: str, end: End) -> Table:
    return Table(
        (RANK, FILM, Column("Place (-1 to 1)", Role.VALUE)),
        tuple(
            (str(rank), film_cell(film.movie), f"{film.position:+.2f}")
            for rank, film in enumerate(end.movies, start=1)
        ),
        f"{sign} {end.label or _NO_LABEL}",
    )


def _quality_table(quality: dict[str, dict[str, float]], people: int) -> Table:
    return Table(
        (
            Column("Ratings given", Role.LEAD),
            Column("Stars", Role.VALUE),
            Column("Figures", Role.DETAIL),
        ),
        tuple(
            (
                f"After {counted(int(given), 'rating')}",
                f"{one['mae']:.2f} stars off",
                f"RMSE {one['rmse']:.2f} · NDCG@10 {one['ndcg_at_10']:.2f} · "
                f"Recall@20 {one['recall_at_20']:.0%}",
            )
            for given, one in quality.items()
        ),
        f"How well I foretell {people} people whom I had never seen",
    )
