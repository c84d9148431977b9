"""The model itself: the films it finds most loved, its dimensions, what it is made of."""

from collections.abc import Sequence
from typing import Any

from bot.errors import UserError
from bot.replies import Choice, Column, Option, Picture, Reply, Role, Table
from bot.services.base import Caller, Services
from bot.services.wording import FILM, RANK, counted, film_cell, listed
from engine import Dimension, FilmBias
from engine.dimensions import End
from engine.traits import Trait

_LISTED = 10  # dimensions told at once
_TRAITS = 5
_NO_LABEL = "nothing that has a name"
_EVERYBODYS = "how much you like what everybody watches"


async def bias(services: Services, caller: Caller, count: int = 10) -> Reply:
    """The most and the least loved films, by the same people's stars for other films."""
    found = await services.compute(services.model.bias_table, count)
    return Reply(
        title="The most and the least loved films",
        text="How many stars more, or fewer, a film gets than the average film does from the same "
        f"people. Among films with {found.min_count:,} ratings or more.",
        tables=(
            _bias_table(found.most_loved, "Most loved"),
            _bias_table(found.least_loved, "Least loved"),
        ),
    )


async def dimension(services: Services, caller: Caller, number: int | None = None) -> Reply:
    """One dimension of taste, or the first ten to choose from."""
    if number is None:
        return await services.compute(_overview, services)
    last = services.model.n_dimensions - 1
    if not 0 <= number <= last:
        raise UserError(
            f"The dimensions are numbered from 0 to {last}, so there is no {number}. "
            f"For example: {services.typed('dimension 1')}"
        )
    shown = await services.compute(services.model.dimension, number)
    return Reply(
        title=f"Dimension {number}: {_name(shown)}",
        text=f"{shown.variance:.1%} of what sets people’s tastes apart. "
        + await _where(services, caller, number),
        tables=(_end_table(shown.high, "+"), _end_table(shown.low, "−")),
        buttons=tuple(
            Option(label, f"dimension {other}", in_place=True)
            for label, other in (("◀ Previous", number - 1), ("Next ▶", number + 1))
            if 0 <= other <= last
        ),
    )


async def model_card(services: Services, caller: Caller) -> Reply:
    """What the model was trained on and how well it does on people it has never seen."""
    model, card = services.model, services.model.card
    curves = model.bundle.curves
    data = [f"{one['name']} ({one['n_ratings']:,} ratings)" for one in card.get("data", ())]
    facts = [
        f"{card['ratings']:,} ratings by {card['users']:,} MovieLens users"
        f"{': ' + listed(data) if data else ''}.",
        f"I know {card['movies']:,} films, {card['movies_with_vectors']:,} of them by their "
        "audience, the others by genre, year and tags.",
        f"Trained on {card['trained']}.",
    ]
    quality = card.get("quality_by_ratings_given", {})
    return Reply(
        title="What I am made of",
        text="\n".join(facts),
        picture=Picture(
            "curves.png",
            curves,
            "Two charts: the loss of training falls step by step, and the quality on people held "
            "out rises, for the ranking and for the stars",
        )
        if curves
        else None,
        tables=(_quality_table(quality, card["settings"]["held_out"]),) if quality else (),
        hint="Data: MovieLens by GroupLens, University of Minnesota, who do not endorse this bot. "
        "F. M. Harper and J. A. Konstan, 2015: The MovieLens Datasets: History and Context. "
        "ACM TiiS 5(4), https://doi.org/10.1145/2827872",
    )


def _bias_table(films: Sequence[FilmBias], heading: str) -> Table:
    return Table(
        (RANK, FILM, Column("Stars above average", Role.VALUE), Column("Ratings", Role.DETAIL)),
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


def _overview(services: Services) -> Reply:
    model = services.model
    first = [model.dimension(number) for number in range(min(_LISTED, model.n_dimensions))]
    return Reply(
        title="The dimensions of taste",
        text=f"Tastes differ in {model.n_dimensions} directions; these say most. Their names are "
        "guessed from the films at either end.",
        tables=(
            Table(
                (RANK, Column("From ↔ to", Role.LEAD), Column("Share", Role.VALUE)),
                tuple((str(one.number), _name(one), f"{one.variance:.1%}") for one in first),
            ),
        ),
        choices=(
            Choice(
                "Look at one",
                tuple(
                    Option(f"{one.number}: {_name(one)}", f"dimension {one.number}", in_place=True)
                    for one in first
                ),
                in_place=True,
            ),
        ),
    )


def _name(dimension: Dimension) -> str:
    if dimension.number == 0:
        return _EVERYBODYS
    return dimension.label or _NO_LABEL


async def _where(services: Services, caller: Caller, number: int) -> str:
    """Where the caller lies along a dimension."""
    taste = await services.taste_of(caller)
    if not taste.ratings:
        return f"Where do you lie? Rate a few films: {services.typed('quiz')}"
    position = await services.compute(services.model.position, taste, number)
    if abs(position) < 0.1:
        return "You lie in the middle."
    return f"You lie at {position:+.1f} (0 is the middle, ±1 usual, ±2 far out)."


def _end_table(end: End, sign: str) -> Table:
    heading = f"{sign} {end.label or _NO_LABEL}"
    evidence = ", ".join(_evidence(trait) for trait in end.traits[:_TRAITS])
    return Table(
        (RANK, FILM, Column("Place, −1 to 1", Role.VALUE)),
        tuple(
            (str(rank), film_cell(film.movie), f"{film.position:+.2f}")
            for rank, film in enumerate(end.movies, start=1)
        ),
        heading + (f" (of 100 films: {evidence})" if evidence else ""),
    )


def _evidence(trait: Trait) -> str:
    return f"{trait.share:.0%} {trait.name}, else {trait.usual:.0%}"


def _quality_table(quality: dict[str, dict[str, Any]], people: int) -> Table:
    return Table(
        (
            Column("Ratings given", Role.LEAD),
            Column("Stars", Role.VALUE),
            Column("Lists", Role.DETAIL),
        ),
        tuple(
            (
                counted(int(given), "rating"),
                f"{one['mae']:.2f} stars off (MAE; RMSE {one['rmse']:.2f})",
                f"order of the first ten {one['ndcg_at_10']:.2f} of 1 (NDCG@10), "
                f"{one['recall_at_20']:.0%} of their favourites in the first twenty (Recall@20)",
            )
            for given, one in quality.items()
        ),
        f"How well I know {people} people I never saw, by ratings given",
    )
