"""All that changes films, in any order, against a model in memory."""

from datetime import UTC, datetime
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .movie_model import EPOCH, MovieModel

MOVIES = st.integers(1, 4)
STARS = st.integers(1, 10).map(lambda halves: halves / 2)
TIMES = st.sampled_from(
    [None, EPOCH, datetime(1950, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)]
)
CALLS = st.one_of(
    st.tuples(
        st.just("rate"),
        st.dictionaries(MOVIES, STARS, max_size=3),
        st.sampled_from([None, "message 7", "message 8"]),
    ),
    st.tuples(st.sampled_from(["unrate", "skip", "mark_unseen"]), MOVIES),
    st.tuples(st.just("mark_seen"), st.lists(MOVIES, max_size=2)),
    st.tuples(
        st.just("import_ratings"),
        st.dictionaries(MOVIES, st.tuples(STARS, TIMES), max_size=3),
        st.sampled_from(["diary.csv", "ratings.csv"]),
        st.lists(MOVIES, max_size=2),
    ),
    st.sampled_from([("undo",), ("undo",), ("undo_import",)]),
)
PEOPLE = (f"console:{n}" for n in count())


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(calls=st.lists(CALLS, max_size=30))
async def test_any_calls_in_any_order_do_what_a_stack_of_states_for_each_film_does(
    store, monkeypatch, clock, calls
):
    monkeypatch.setattr("storage.history.KEPT_CHANGES", 2)
    user = next(PEOPLE)  # all examples share one store
    model = MovieModel(kept_changes=2, clock=clock)
    for method, *values in calls:
        answer = await getattr(store, method)(user, *values)
        assert answer == getattr(model, method)(*values)
        ratings = {r.movie_id: (r.stars, r.rated_at) for r in await store.ratings(user)}
        assert ratings == model.ratings()
        assert await store.skipped(user) == model.skipped()
        assert await store.seen_movies(user) == model.seen_movies()
        assert await store.unseen(user) == model.unseen
        assert await store.latest_import(user) == model.latest_import()
