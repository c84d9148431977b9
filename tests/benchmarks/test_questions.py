"""The benchmark of questions, on people who have seen known films."""

import numpy as np

from benchmarks.questions import Interview, Measured, interview, measure, strategies, table
from engine import TasteModel


def test_questions_go_on_until_five_answers() -> None:
    order = list(range(100))

    def ask(answers: dict[int, float], unseen: list[int]) -> int:
        return next(m for m in order if m not in answers and m not in unseen)

    seen = {m: 4.0 for m in order if m % 3 == 2}
    assert interview(ask, seen) == Interview(dict.fromkeys([2, 5, 8, 11, 14], 4.0), 15)


def test_somebody_who_has_seen_nothing_gives_up_in_the_end(model: TasteModel) -> None:
    for ask in strategies(model, seed=1).values():
        assert interview(ask, {}) == Interview({}, 200)


def test_every_method_asks_about_other_films_each_time(model: TasteModel) -> None:
    for ask in strategies(model, seed=1).values():
        unseen: list[int] = []
        for _ in range(30):
            unseen.append(ask({1: 4.0}, unseen))
        assert len({1, *unseen}) == 31


def test_all_methods_are_measured_on_what_none_got_an_answer_about(model: TasteModel) -> None:
    best = [r.movie.movie_id for r in model.fit({}).recommend(3, calibration=0, diversity=0)]
    seen = dict.fromkeys(best, 5.0)
    nothing, first = Interview({}, 7), Interview({best[0]: 5.0}, 1)
    measured = measure(model, seen, {"a": nothing, "b": first})
    assert measured["a"] == (7, 0, 1.0)  # without the first, the next two lead its list
    assert measured["b"][:2] == (1, 1)
    assert measure(model, seen, {"a": Interview(seen, 3)}) == {}


def test_the_table_shows_the_lead() -> None:
    rng = np.random.default_rng(2)
    ndcg = rng.random(200)
    answers = np.full(200, 5.0)
    ours = Measured(np.full(200, 12.0), answers, ndcg)
    theirs = Measured(np.full(200, 20.0), np.where(np.arange(200) < 20, 4.0, 5.0), ndcg / 2)
    lines = list(table({"**Reeltwin**": ours, "popular": theirs}))
    assert "200 users" in lines[0]
    assert "+100.0% (+100.0% to +100.0%)" in lines[3]
    assert "20, median 20 | 90% |" in lines[3]
    assert "12, median 12 | 100% |" in lines[2]
