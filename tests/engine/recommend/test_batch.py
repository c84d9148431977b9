"""Many people at once are recommended what each would be alone."""

import pytest

from engine import TasteModel
from tests.engine.people import STUDY, ratings_of, users_with


def test_a_crowd_is_recommended_what_each_would_be_alone(model: TasteModel) -> None:
    unknown = {10**9: 3.0}
    some = [ratings_of(model, user) for user in users_with(model, least=20, n=300)]
    people = [{}, STUDY, STUDY | unknown, *some]  # more than are solved together
    many = model.recommend_many(people, n=15)
    assert len(many) == len(people)
    for person, ids in [*list(zip(people, many, strict=True))[:3], (some[-1], many[-1])]:
        alone = model.fit(person).recommend(15, calibration=0, diversity=0)
        assert ids.tolist() == [r.movie.movie_id for r in alone]


def test_nothing_rated_is_recommended_and_less_where_less_is_left(model: TasteModel) -> None:
    everything = dict.fromkeys(model.movie_ids.tolist(), 3.0)
    but_some = {m: stars for m, stars in everything.items() if m not in STUDY}
    none, few = model.recommend_many([everything, but_some], n=20)
    assert not len(none)
    assert set(few.tolist()) <= set(STUDY)
    assert len(few)


def test_stars_out_of_range_are_refused(model: TasteModel) -> None:
    with pytest.raises(ValueError, match=r"movie 1 has 5\.5"):
        model.recommend_many([{}, {1: 5.5}])
