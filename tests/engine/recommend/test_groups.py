"""Films for several people at once."""

import numpy as np
import pytest

from engine import GroupPick, Taste, TasteModel
from engine.data.catalogue import GENRES
from engine.recommend.groups import AGGREGATIONS, choose, on_one_scale
from tests.engine.people import ALIEN, MATRIX, STUDY, TOY_STORY, ratings_of, users_with

STAR_WARS = {260: 5.0, 1196: 5.0}
PIXAR = {TOY_STORY: 5.0, 4886: 5.0, 6377: 5.0, 8961: 4.5, 50872: 5.0}
HORROR = {1407: 5.0, 1258: 5.0, 1347: 5.0, 1982: 4.5, ALIEN: 5.0}
NO_DIRECTIONS = np.zeros((20, 2), np.float32)


@pytest.fixture
def group(model: TasteModel) -> list[Taste]:
    return [model.fit(ratings) for ratings in (STUDY, PIXAR, HORROR, STAR_WARS)]


def ids(picks: list[GroupPick]) -> list[int]:
    return [pick.movie.movie_id for pick in picks]


class TestWhatIsChosen:
    @pytest.mark.parametrize("aggregation", AGGREGATIONS)
    def test_nobody_has_rated_it(
        self, model: TasteModel, group: list[Taste], aggregation: str
    ) -> None:
        picks = model.recommend_together(group, 40, aggregation=aggregation)
        rated = {movie for taste in group for movie in taste.ratings}
        assert len(set(ids(picks))) == 40
        assert not rated & set(ids(picks))

    def test_nor_is_it_excluded(self, model: TasteModel, group: list[Taste]) -> None:
        first = ids(model.recommend_together(group, 5))
        assert not set(first) & set(ids(model.recommend_together(group, 5, exclude=first)))

    def test_it_is_as_wished(self, model: TasteModel, group: list[Taste]) -> None:
        picks = model.recommend_together(
            group, 10, genres=["horror"], years=(1980, 1999), min_count=5000
        )
        films = [pick.movie for pick in picks]
        assert len(films) == 10
        assert all("Horror" in film.genres and film.count >= 5000 for film in films)
        assert all(film.year is not None and 1980 <= film.year <= 1999 for film in films)

    def test_few_know_hidden_gems(self, model: TasteModel, group: list[Taste]) -> None:
        least, most = model.gem_counts
        gems = model.recommend_together(group, 10, hidden_gems=True)
        assert len(gems) == 10
        assert all(least <= gem.movie.count <= most for gem in gems)
        base_rate = model.recommend_together(group, 10, min_count=least)
        assert (
            np.mean([gem.stars for gem in gems]) > np.mean([pick.stars for pick in base_rate]) - 0.5
        )

    @pytest.mark.parametrize("n", [0, 1, 7])
    def test_it_is_as_many_as_asked(self, model: TasteModel, group: list[Taste], n: int) -> None:
        assert len(model.recommend_together(group, n)) == n

    def test_fewer_where_fewer_are_left(self, model: TasteModel, group: list[Taste]) -> None:
        few = model.recommend_together(group, 500, genres="western", years=(2012, 2014))
        assert 0 < len(few) < 500
        assert model.recommend_together(group, 5, years=(1800, 1850)) == []
        assert model.recommend_together(group, 5, years=(1800, 1850), hidden_gems=True) == []

    def test_it_is_the_same_again(self, model: TasteModel, group: list[Taste]) -> None:
        again = [model.fit(taste.ratings) for taste in group]
        assert model.recommend_together(group, 20) == model.recommend_together(again, 20)

    def test_it_is_not_of_one_series(self, model: TasteModel, series: np.ndarray) -> None:
        people = [dict(list(ratings_of(model, u).items())[:10]) for u in users_with(model, 20, 30)]
        for first in range(0, len(people), 3):
            tastes = [model.fit(ratings) for ratings in people[first : first + 3]]
            rows = [model.catalogue.row(m) for m in ids(model.recommend_together(tastes, 10))]
            of_series = series[rows][series[rows] >= 0]
            assert np.unique(of_series, return_counts=True)[1].max(initial=0) <= 4


class TestWhatIsToldOfTheMembers:
    def test_stars_are_those_foretold_of_each(self, model: TasteModel, group: list[Taste]) -> None:
        picks = model.recommend_together(group, 6)
        for member, taste in enumerate(group):
            stars, stds = taste.predict(ids(picks))
            assert [pick.stars[member] for pick in picks] == stars.tolist()
            assert [pick.stds[member] for pick in picks] == stds.tolist()

    def test_joy_is_on_one_scale(self, model: TasteModel, group: list[Taste]) -> None:
        picks = model.recommend_together(group, 6)
        utilities = np.array([pick.utility for pick in picks])
        assert utilities.shape == (6, len(group))
        assert ((utilities >= 0) & (utilities <= 1)).all()
        rows = [model.catalogue.row(m) for m in ids(picks)]
        scores = np.array([taste.scores()[rows] for taste in group]).T
        assert np.array_equal(np.argsort(utilities.ravel()), np.argsort(scores.ravel()))

    @pytest.mark.parametrize("aggregation", AGGREGATIONS)
    def test_another_order_of_members_is_another_order_of_columns(
        self, model: TasteModel, group: list[Taste], aggregation: str
    ) -> None:
        picks = model.recommend_together(group, 10, aggregation=aggregation)
        order = [2, 0, 3, 1]
        other = model.recommend_together([group[i] for i in order], 10, aggregation=aggregation)
        assert ids(other) == ids(picks)
        for a, b in zip(picks, other, strict=True):
            assert b.stars == tuple(a.stars[i] for i in order)
            assert b.stds == tuple(a.stds[i] for i in order)
            assert b.utility == tuple(a.utility[i] for i in order)
            assert b.score == pytest.approx(a.score)

    def test_score_is_what_the_aggregation_makes_of_the_joys(
        self, model: TasteModel, group: list[Taste]
    ) -> None:
        for pick in model.recommend_together(group, 5, aggregation="average"):
            assert pick.score == pytest.approx(np.mean(pick.utility))
        for pick in model.recommend_together(group, 5, aggregation="misery"):
            assert pick.score == pytest.approx(min(pick.utility))
        for pick in model.recommend_together(group, 5):
            assert min(pick.utility) <= pick.score <= max(pick.utility)


class TestFewMembers:
    @pytest.mark.parametrize("aggregation", AGGREGATIONS)
    @pytest.mark.parametrize("ratings", [STUDY, PIXAR, HORROR, {}])
    def test_one_gets_about_their_own_order(
        self, model: TasteModel, ratings: dict[int, float], aggregation: str
    ) -> None:
        taste = model.fit(ratings)
        alone = [r.movie.movie_id for r in taste.recommend(10, calibration=0, diversity=0)]
        picks = ids(model.recommend_together([taste], 10, aggregation=aggregation))
        assert picks[0] == alone[0]
        assert len(set(picks) & set(alone)) >= 8

    def test_the_same_taste_twice_is_one_taste(self, model: TasteModel) -> None:
        taste = model.fit(HORROR)
        once, twice = (model.recommend_together([taste] * n, 10) for n in (1, 2))
        assert ids(once) == ids(twice)

    def test_who_rated_nothing_counts_as_the_mean_taste(self, model: TasteModel) -> None:
        nobody, horror = model.fit({}), model.fit(HORROR)
        (pick, *_) = model.recommend_together([nobody, horror], 3)
        assert pick.stars[0] == nobody.predict([pick.movie.movie_id])[0][0]
        shares = [
            np.mean(["Horror" in p.movie.genres for p in model.recommend_together(tastes, 20)])
            for tastes in ([nobody], [nobody, horror], [horror])
        ]
        assert shares == sorted(shares)
        assert shares[0] < shares[2]


class TestFairness:
    """Twenty films: one half for one member, who has more utility, the other half for the other."""

    utilities = np.array([[0.9] * 10 + [0.1] * 10, [0.1] * 10 + [0.7] * 10])

    def test_the_fair_list_has_films_of_both(self) -> None:
        chosen, _ = choose(self.utilities, NO_DIRECTIONS, 10, "fair")
        assert 3 <= np.sum(np.array(chosen) < 10) <= 7

    def test_the_average_has_not(self) -> None:
        chosen, _ = choose(self.utilities, NO_DIRECTIONS, 10, "average")
        assert max(chosen) < 10

    def test_each_film_is_of_most_weighted_joy(self) -> None:
        """Against the formula of the module, for every candidate at every step."""
        rng = np.random.default_rng(2)
        utilities, directions = rng.random((3, 20)), rng.normal(size=(20, 4)).astype(np.float32)
        directions /= np.linalg.norm(directions, axis=1, keepdims=True)
        chosen, _ = choose(utilities, directions, 8, "fair", diversity=0.2)
        for step, film in enumerate(chosen):
            before = chosen[:step]
            rest = [i for i in range(20) if i not in before]
            weights = 1 / (1 + utilities[:, before].sum(axis=1))
            like = np.maximum(directions[rest] @ directions[before].T, 0) ** 4
            worth = 0.8 * (weights / weights.sum()) @ utilities[:, rest] - 0.2 * like.sum(axis=1)
            assert film == rest[int(worth.argmax())]

    def test_opposite_people_get_films_of_both(self, model: TasteModel) -> None:
        """Who likes least of a list likes more of the fair one than of the average."""
        people = [PIXAR | dict.fromkeys(HORROR, 0.5), HORROR | dict.fromkeys(PIXAR, 0.5)]
        tastes = [model.fit(ratings) for ratings in people]
        least = {
            aggregation: np.sum(
                [p.utility for p in model.recommend_together(tastes, 20, aggregation=aggregation)],
                axis=0,
            ).min()
            for aggregation in ("fair", "average")
        }
        assert least["fair"] > least["average"]


def test_misery_avoids_what_anybody_hates() -> None:
    utilities = np.array([[1.0, 0.6, 0.4], [1.0, 0.6, 0.4], [0.0, 0.3, 0.4]])
    chosen = {kind: choose(utilities, NO_DIRECTIONS[:3], 3, kind)[0] for kind in AGGREGATIONS}
    assert chosen["misery"] == [2, 1, 0]
    assert chosen["average"][0] == 0


def test_misery_is_no_worse_for_the_least_pleased(model: TasteModel, group: list[Taste]) -> None:
    least = [
        min(model.recommend_together(group, 1, aggregation=aggregation)[0].utility)
        for aggregation in ("misery", "average")
    ]
    assert least[0] >= least[1]


def test_films_that_all_are_equal_bring_no_joy() -> None:
    assert on_one_scale(np.full((2, 3), 0.7, np.float32)).tolist() == [[0.0] * 3] * 2
    assert on_one_scale(np.empty((2, 0), np.float32)).shape == (2, 0)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"aggregation": "kind"}, r"aggregation must be among fair, average, misery, .*'kind'"),
        ({"tastes": []}, r"tastes must be of one member or more"),
        ({"n": -1}, r"n must be 0 or more, such as 5, but is -1"),
        ({"genres": ["Horor"]}, rf"genres must be among {GENRES[0]}, .*'Horor'"),
        ({"years": (2000, 1990)}, r"years must be \(first, last\)"),
        ({"min_count": -5}, r"min_count must be 0 or more"),
    ],
)
def test_a_wrong_argument_is_named(
    model: TasteModel, wrong: dict[str, object], message: str
) -> None:
    right: dict[str, object] = {"tastes": [model.fit({MATRIX: 4.0})]}
    with pytest.raises(ValueError, match=message):
        model.recommend_together(**(right | wrong))
