"""The model itself: the films it finds most loved, its dimensions, what it is made of."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from bot.app.context import AppContext, RequestContext
from bot.errors import UserError
from bot.replies import Action, Choice, Column, ColumnKind, Picture, Reply, Table
from bot.services.common.formatting import FILM, RANK, counted, film_cell, listed
from bot.services.taste import how_far, pictured
from engine import Dimension, MovieBias, TasteModel
from engine.insights.biases import BiasTable
from engine.insights.dimensions import Pole
from engine.plots.charts_model import Series, Training, draw_model, recorded_training
from engine.plots.charts_movies import draw_biases, draw_dimension

_LISTED = 10  # dimensions told at once
_TRAITS = 4
_DESCRIBED = 3  # films at either end in the description of a picture
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


async def bias(context: AppContext, request: RequestContext, count: int = 10) -> Reply:
    """The most and the least loved films, by what the same people give other films."""
    found = await context.in_engine_thread(context.model.bias_table, count)
    picture = await pictured(context, "bias.png", _bias_description(found), draw_biases, found)
    return Reply(
        title="The most and the least loved films",
        text="How many stars a film gets above the average film, or below it, from the same "
        f"people. Of the films with {found.min_count:,} ratings or more.",
        picture=picture,
        tables=(
            _bias_table(found.most_loved, "Most loved"),
            _bias_table(found.least_loved, "Least loved"),
        ),
        hint=f"What I think of a film for you: {context.typed('predict Alien')}",
    )


async def dimension(
    context: AppContext, request: RequestContext, number: int | None = None
) -> Reply:
    """One dimension of taste, or the first ten to choose from."""
    if number is None:
        return await context.in_engine_thread(_overview, context.model)
    last = context.model.n_dimensions - 1
    if not 0 <= number <= last:
        raise UserError(
            f"The dimensions are numbered from 0 to {last}, so there is no {number}. "
            f"For example: {context.typed('dimension 1')}"
        )
    shown = await context.in_engine_thread(context.model.dimension, number)
    position = await _position(context, request, number)
    picture = await pictured(
        context,
        "dimension.png",
        _dimension_description(shown, position),
        draw_dimension,
        shown,
        position,
    )
    ways = (("← Previous", number - 1), ("Next →", number + 1))
    return Reply(
        title=f"Dimension {number}: {_name(shown)}",
        text="\n".join(
            (
                f"{_share(shown)} of what sets people’s tastes apart. " + _where(context, position),
                *_evidence("+", shown.high),
                *_evidence("-", shown.low),
            )
        ),
        picture=picture,
        tables=(_end_table("+", shown.high), _end_table("-", shown.low)),
        buttons=(
            *(
                Action(label, f"dimension {other}", in_place=True)
                for label, other in ways
                if 0 <= other <= last
            ),
            Action("All", "dimension", in_place=True),
        ),
    )


async def model_card(context: AppContext, request: RequestContext) -> Reply:
    """What the model was trained on and how well it does on people it has never seen."""
    card = context.model.card
    quality = card.get("quality_by_ratings_given", {})
    return Reply(
        title="What I am made of",
        text=_facts(card),
        picture=await _training_picture(context),
        tables=(_quality_table(quality, card["settings"]["held_out"]),) if quality else (),
        buttons=(Action("The dimensions of taste", "dimension"),),
        hint=(_LEGEND + "\n" if quality else "") + _LICENCE,
    )


async def _training_picture(context: AppContext) -> Picture | None:
    """Curves and calibration, or the curves drawn at training where only these are there."""
    bundle = context.model.bundle
    quality = context.model.card.get("quality_by_ratings_given")
    training = recorded_training(bundle.metrics)
    if training is None or not quality:
        return Picture("curves.png", bundle.curves, _CURVES) if bundle.curves else None
    described = _training_description(quality, training)
    return await pictured(context, "model.png", described, draw_model, quality, training)


def _training_description(quality: dict[str, dict[str, float]], training: Training) -> str:
    def course(series: Series, held_out: str) -> str:
        (first, then), (last, now) = series[0], series[-1]
        return f"over {len(series)} steps the loss goes from {first:.2f} to {last:.2f}" + (
            f" and the {held_out} from {then:.2f} to {now:.2f}" if then and now else ""
        )

    came_true = [
        f"{one['covered_80']:.0%} and {one['covered_95']:.0%} after {given}"
        for given, one in quality.items()
    ]
    return (
        f"Three charts. Ranking: {course(training.ranking, 'NDCG@10')}. "
        f"Stars: {course(training.stars, 'RMSE')}. Of the ratings foretold, the intervals of 80% "
        f"and 95% hold {listed(came_true)} ratings given"
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


def _bias_description(found: BiasTable) -> str:
    ends = [
        f"{name}, {listed(f'{one.movie.title} {one.bias:+.2f}' for one in films[:_DESCRIBED])}"
        for name, films in (("most loved", found.most_loved), ("least", found.least_loved))
    ]
    return f"Bars of films by their stars beside the average film: {'; '.join(ends)}"


def _bias_table(films: Sequence[MovieBias], heading: str) -> Table:
    return Table(
        (
            RANK,
            FILM,
            Column("Stars above average", ColumnKind.VALUE),
            Column("Ratings", ColumnKind.VALUE),
        ),
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
                (RANK, Column("From … to", ColumnKind.LEAD), Column("Share", ColumnKind.VALUE)),
                tuple((str(one.number), _name(one), _share(one)) for one in first),
            ),
        ),
        choices=(
            Choice(
                "Look at one",
                tuple(
                    Action(
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


async def _position(context: AppContext, request: RequestContext, number: int) -> float | None:
    """Where the caller lies along a dimension; None of somebody who rated nothing."""
    taste = await context.taste_of(request)
    if not taste.ratings:
        return None
    return await context.in_engine_thread(context.model.dimension_score, taste, number)


def _where(context: AppContext, position: float | None) -> str:
    if position is None:
        return f"Where do you lie? Rate a few films: {context.typed('quiz')}"
    if abs(position) < _MIDDLE:
        return "You lie in the middle."
    return f"You lean {how_far(position)} towards {'+' if position > 0 else '-'}."


def _dimension_description(dimension: Dimension, position: float | None) -> str:
    ends = [
        f"{sign} {end.label or _NO_LABEL}, such as "
        + listed(film.movie.title for film in end.movies[:_DESCRIBED])
        for sign, end in (("+", dimension.high), ("-", dimension.low))
    ]
    place = (
        "" if position is None else f". Your place among all people is marked at {position:+.1f}"
    )
    films = f"Bars of the films furthest out along dimension {dimension.number}"
    return f"{films}: {'; '.join(ends)}{place}"


def _evidence(sign: str, end: Pole) -> Iterator[str]:
    """What the films at an end share, beside how usual it is."""
    traits = [
        f"{trait.share:.0%} {trait.name} (usual {trait.base_rate:.0%})"
        for trait in end.traits[:_TRAITS]
    ]
    if traits:
        yield f"Towards {sign}: {', '.join(traits)}."


def _end_table(sign: str, end: Pole) -> Table:
    return Table(
        (RANK, FILM, Column("Place (-1 to 1)", ColumnKind.VALUE)),
        tuple(
            (str(rank), film_cell(film.movie), f"{film.loading:+.2f}")
            for rank, film in enumerate(end.movies, start=1)
        ),
        f"{sign} {end.label or _NO_LABEL}",
    )


def _quality_table(quality: dict[str, dict[str, float]], people: int) -> Table:
    return Table(
        (
            Column("Ratings given", ColumnKind.LEAD),
            Column("Stars", ColumnKind.VALUE),
            Column("Figures", ColumnKind.DETAIL),
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
