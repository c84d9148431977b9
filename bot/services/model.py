"""What the model was trained on, and how well it does."""

from datetime import date
from typing import Any

from bot.app.context import AppContext, RequestContext
from bot.commands.actions import action
from bot.commands.command import CommandCategory, command
from bot.replies import Column, ColumnKind, Picture, Reply, Table
from bot.services.common.pictures import optional_picture
from bot.text import counted, listed
from engine.plots.charts_model import Series, Training, draw_model, recorded_training

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


@command(
    CommandCategory.MODEL,
    "What I was trained on, how well I foretell, and my training curves.",
    examples=("model",),
    name="model",
    order=30,
)
async def model_card(context: AppContext, request: RequestContext) -> Reply:
    """Answer with what the model was trained on and how well it does on users it never saw."""
    card = context.model.card
    quality = card.get("quality_by_ratings_given", {})
    return Reply(
        title="What I am made of",
        text=_facts(card),
        picture=await _training_picture(context),
        tables=(_quality_table(quality, card["settings"]["held_out"]),) if quality else (),
        buttons=(action("dimension", "The dimensions of taste"),),
        hint=(_LEGEND + "\n" if quality else "") + _LICENCE,
    )


async def _training_picture(context: AppContext) -> Picture | None:
    """Return curves and calibration, or the curves drawn at training where only these are there."""
    bundle = context.model.bundle
    quality = context.model.card.get("quality_by_ratings_given")
    training = recorded_training(bundle.metrics)
    if training is None or not quality:
        return Picture("curves.png", bundle.curves, _CURVES) if bundle.curves else None
    described = _training_description(quality, training)
    return await optional_picture(context, "model.png", described, draw_model, quality, training)


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
