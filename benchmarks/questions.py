"""Do a few well-chosen questions teach more than popular films? ``python -m benchmarks.questions``.

Each user of the test splits (:mod:`benchmarks.common.protocol`) begins with nothing rated and is
asked about one film after the other. A film that they rated is answered with their stars, any other
with "not seen", until there are five answers. Each method's answers are then measured on the same
hidden films: all that the user rated and no method got an answer about. Nor do films that any
method got an answer about stand in the way as candidates, so that none gains by asking about what
would be recommended next.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from benchmarks.common.bootstrap import bounds, draws
from benchmarks.common.data_sets import add_data_option, release_folders
from benchmarks.common.protocol import N_TESTS, groups, read, report_splits
from engine.bundle.io import Bundle
from engine.model import TasteModel
from engine.training.evaluate import ndcg_at, relevant_rows, top_rows
from engine.training.settings import Settings
from engine.training.splits import UserSplit
from engine.training.train import fit_parameters

_ANSWERS = 5
_MAX_QUESTIONS = 200  # questions after which a user gives up
_OURS = "**Reeltwin**"

# The film to ask about next, by the answers in stars and the films that were not seen.
Strategy = Callable[[Mapping[int, float], Sequence[int]], int]


@dataclass(frozen=True)
class Interview:
    """The answers in stars by movie id, and how many questions they took."""

    answers: dict[int, float]
    n_questions: int


@dataclass(frozen=True)
class Measured:
    """Number of questions and of answers, and NDCG@10, of each user, [n_users]."""

    questions: npt.NDArray[np.float64]
    answers: npt.NDArray[np.float64]
    ndcg: npt.NDArray[np.float64]


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.questions", description=__doc__.split("\n")[0]
    )
    add_data_option(parser)
    parser.add_argument("--splits", type=int, default=N_TESTS, help="test splits (%(default)s)")
    options = parser.parse_args()

    catalogue, ratings = read(release_folders(options.data))
    splits = report_splits(ratings, options.splits)
    outcomes: dict[str, list[tuple[int, int, float]]] = {}
    for number, (users, split) in enumerate(zip(groups(ratings)[1:], splits, strict=False), 1):
        parameters = fit_parameters(catalogue, split.training, Settings())
        model = TasteModel(Bundle(catalogue, parameters, {}))
        for user in users.tolist():
            mine = ratings.of(np.array([user]))
            ids = model.movie_ids[mine.movies].tolist()
            seen = dict(zip(ids, mine.stars.tolist(), strict=True))
            asked = {name: interview(ask, seen) for name, ask in strategies(model, user).items()}
            for name, outcome in measure(model, seen, asked).items():
                outcomes.setdefault(name, []).append(outcome)
        print(f"split {number} is measured", file=sys.stderr)
    print(*table({name: Measured(*np.array(of).T) for name, of in outcomes.items()}), sep="\n")


def strategies(model: TasteModel, seed: int) -> dict[str, Strategy]:
    """Ours, and the popular films: 100 or 200 of them in a random order, or in their own."""
    popular = model.movie_ids[model.well_known]
    rng = np.random.default_rng(seed)

    def shuffled(n: int) -> Strategy:
        return partial(_in_order, np.concatenate([rng.permutation(popular[:n]), popular[n:]]))

    return {
        _OURS: partial(_telling, model),
        "the 100 most popular at random": shuffled(100),
        "the 200 most popular at random": shuffled(200),
        "the most popular first": partial(_in_order, popular),
    }


def _telling(model: TasteModel, answers: Mapping[int, float], unseen: Sequence[int]) -> int:
    (question,) = model.next_questions(model.fit(answers), 1, unseen)
    return question.movie.movie_id


def _in_order(
    order: npt.NDArray[np.int64], answers: Mapping[int, float], unseen: Sequence[int]
) -> int:
    return int(order[~np.isin(order, [*answers, *unseen])][0])


def interview(ask: Strategy, seen: Mapping[int, float]) -> Interview:
    """Ask a user who has ``seen`` these films, in stars by movie id, until five answers."""
    answers: dict[int, float] = {}
    unseen: list[int] = []
    while len(answers) < _ANSWERS and len(answers) + len(unseen) < _MAX_QUESTIONS:
        film = ask(answers, unseen)
        if film in seen:
            answers[film] = seen[film]
        else:
            unseen.append(film)
    return Interview(answers, len(answers) + len(unseen))


def measure(
    model: TasteModel, seen: Mapping[int, float], asked: Mapping[str, Interview]
) -> dict[str, tuple[int, int, float]]:
    """Each method's questions, answers and NDCG@10; nothing if no hidden film is relevant."""
    told = [m for m in seen if any(m in one.answers for one in asked.values())]
    rest = [m for m in seen if m not in told]
    case = UserSplit(*_rows_and_stars(model, seen, told), *_rows_and_stars(model, seen, rest))
    if not len(relevant := relevant_rows(case)):
        return {}
    return {
        name: (
            one.n_questions,
            len(one.answers),
            ndcg_at(10, top_rows(model.fit(one.answers).scores(), case.given, 10), relevant),
        )
        for name, one in asked.items()
    }


def _rows_and_stars(
    model: TasteModel, seen: Mapping[int, float], ids: Sequence[int]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    rows = np.array([model.catalogue.row(m) for m in ids], dtype=np.int64)
    return rows, np.array([seen[m] for m in ids], dtype=np.float32)


def table(measured: Mapping[str, Measured]) -> Iterator[str]:
    """The lines of a Markdown table; the intervals hold 95 % of the bootstrap's draws."""
    ours = measured[_OURS]
    n = len(ours.ndcg)
    times = draws(n) / n
    yield f"| {n:,} users | NDCG@10 after 5 answers | our lead | questions asked | got 5 answers |"
    yield "| --- | --- | --- | --- | --- |"
    for name, of in measured.items():
        low, high = bounds(times @ of.ndcg)
        ndcg = f"{of.ndcg.mean():.3f} ({low:.3f}–{high:.3f})"
        low, high = bounds((times @ ours.ndcg) / (times @ of.ndcg) - 1)
        lead = f"{ours.ndcg.mean() / of.ndcg.mean() - 1:+.1%} ({low:+.1%} to {high:+.1%})"
        questions = f"{of.questions.mean():.0f}, median {np.median(of.questions):.0f}"
        answered = f"{(of.answers == _ANSWERS).mean():.0%}"
        yield f"| {name} | {ndcg} | {lead if of is not ours else ''} | {questions} | {answered} |"


if __name__ == "__main__":
    main()
