"""Charts: all that is written can be read, and what is drawn is what was measured."""

import itertools
import struct
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from engine import TasteModel
from engine.data.catalogue import Movie
from engine.insights.affinities import Affinity, affinities
from engine.insights.biases import BiasTable, MovieBias
from engine.plots.charts_group import (
    agreement_matrix_figure,
    draw_agreement_matrix,
    seriation_order,
)
from engine.plots.charts_model import Training, draw_model, model_figure, recorded_training
from engine.plots.charts_movies import bias_figure, dimension_figure
from engine.plots.charts_stars import (
    CommonRating,
    agreement_figure,
    draw_agreement,
    draw_fit,
    fit_figure,
)
from engine.plots.charts_taste import draw_taste, shown_affinities, taste_figure
from engine.plots.labels import Label, Labels
from engine.plots.layout import SMALL, TOP, card, panel, write
from engine.plots.text import drawable, renderer_of, shorten
from engine.plots.theme import to_png
from engine.recommend.agreement import Agreement, agreement, agreements
from tests.engine.people import ALIEN, STUDY, ratings_of, users_with
from tests.marks import slow_but

NAMES = (
    "Alice", "Bob", "$5 a day for $9", "אבי", "مريم", "田中さくら", "𝓗𝓮𝓲𝓭𝓲", "🦊", "Ann\nLine",
    "W" * 32, "i" * 32, "x_{1}^2",
)  # fmt: skip
QUICK_NAMES = NAMES[2:4] + NAMES[9:10]
FOUND = Agreement(expected=0.7, base_rate=0.64, shared=(), close=0)
HALVES = np.arange(1, 11) / 2


def film(name: str) -> Movie:
    return Movie(1, name, 1999, (), None, None, 10, 3.0, 0.0)


def texts(figure: Figure) -> list[Text]:
    """All that is written, the ticks' labels within their axes too."""
    found = [*figure.texts]
    for axes in figure.axes:
        found += axes.texts
        for axis, (low, high) in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
            found += [
                label
                for at, label in zip(axis.get_ticklocs(), axis.get_ticklabels(), strict=True)
                if min(low, high) <= at <= max(low, high) and axis.get_visible()
            ]
    return [text for text in found if text.get_text() and text.get_visible()]


def words(figure: Figure) -> list[str]:
    return [text.get_text() for text in texts(figure)]


def assert_can_be_read(figure: Figure) -> None:
    """Nothing overlaps, all is inside, nothing is so small that it could not be read at 400 px."""
    renderer = renderer_of(figure)
    figure.draw(renderer)
    boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in texts(figure)]
    assert len(boxes) >= 3
    for (one, a), (other, b) in itertools.combinations(boxes, 2):
        assert not a.padded(-1).overlaps(b.padded(-1)), f"{one} and {other} overlap"
    for label, box in boxes:
        assert 0 <= box.x0 < box.x1 <= figure.bbox.x1, label
        assert 0 <= box.y0 < box.y1 <= figure.bbox.y1, label
    assert all(text.get_fontsize() >= SMALL - 2 for text in texts(figure))


def assert_is_a_small_png(data: bytes | None) -> None:
    assert data is not None
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert len(data) < 300_000
    width, height = struct.unpack(">II", data[16:24])
    assert width == 960
    assert 300 <= height <= 1500


def bars(axes: Axes) -> list[Rectangle]:
    return [patch for patch in axes.patches if isinstance(patch, Rectangle)]


def points(axes: Axes) -> int:
    return sum(
        len(drawn.get_offsets()) for drawn in axes.collections if isinstance(drawn, PathCollection)
    )


@dataclass(frozen=True)
class Somebody:
    ratings: dict[int, float]
    figure: Figure | None
    png: bytes | None
    kinds: list[Affinity]


# What is written.


def test_a_dollar_is_a_dollar_and_no_formula() -> None:
    figure = card("$5 a day", "from $1 to $2", 3)
    to_png(figure)
    assert words(figure) == ["$5 a day", "from $1 to $2"]


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("Alien", "Alien"),
        ("אבי", "אבי"),
        ("貞子3D", "3D"),
        ("他们低语", "?"),
        ("𝓗𝓮𝓲𝓭𝓲", "Heidi"),
        ("Ann\n\tLine", "Ann Line"),
        ("a\u202eb\u200d", "ab"),
        ("Amélie ½", "Amélie ½"),
    ],
)
def test_what_the_font_lacks_is_left_out(text: str, drawn: str) -> None:
    assert drawable(text) == drawn


def test_every_title_of_the_catalogue_can_be_drawn(model: TasteModel) -> None:
    odd = [
        name
        for name in model.catalogue.names
        if any(unicodedata.category(c)[0] not in "LNPZ" or ord(c) > 0x250 for c in name)
    ]
    figure = card("odd titles", "", 3)
    for name in odd:
        write(figure, 1, 1, name)
    assert len(odd) > 20
    to_png(figure)


@pytest.mark.parametrize("rotation", [0, 90])
def test_a_long_text_is_cut_to_its_room(rotation: int) -> None:
    figure = card("a", "b", 5)
    text = write(figure, 3, 3, "many words " * 30, most=1.5, rotation=rotation)
    box = text.get_window_extent(renderer_of(figure))
    assert 0.8 * 1.5 < max(box.size) / figure.dpi <= 1.5
    assert text.get_text().endswith("…")
    assert write(figure, 3, 3, "few", most=1.5).get_text() == "few"


def test_labels_keep_off_each_other_and_what_is_taken_and_stay_inside() -> None:
    figure = card("a", "b", 5)
    axes = panel(figure, 0.5, TOP, 5, 3.5)
    rng = np.random.default_rng(0)
    labels = Labels(figure, axes)
    labels.keep_free(0.5, 0.5, reach=100)
    named = [Label(x, y, f"film {i}", steps=2) for i, (x, y) in enumerate(rng.random((60, 2)))]
    written = labels.write(named, most=30)
    assert 10 <= len(written) <= 30
    boxes = [text.get_window_extent(renderer_of(figure)) for text in axes.texts]
    assert [text.get_text() for text in axes.texts] == [label.text for label in written]
    middle = axes.transData.transform((0.5, 0.5))
    taken = [Bbox([middle - 100, middle + 100])]
    assert not any(a.overlaps(b) for a, b in itertools.combinations(boxes + taken, 2))
    frame = axes.get_window_extent()
    assert all(frame.x0 <= b.x0 and b.x1 <= frame.x1 for b in boxes)
    assert all(frame.y0 <= b.y0 and b.y1 <= frame.y1 for b in boxes)


def test_a_label_is_no_wider_than_it_may_be() -> None:
    figure = card("a", "b", 5)
    axes = panel(figure, 0.5, TOP, 5, 3.5)
    Labels(figure, axes).write([Label(0.5, 0.5, "many words " * 10, widest=2.0)])
    (text,) = axes.texts
    assert text.get_text().endswith("…")
    assert 1.6 < text.get_window_extent(renderer_of(figure)).width / figure.dpi <= 2.0


def test_a_text_is_cut_to_the_longest_beginning_that_fits() -> None:
    def fits(text: str) -> bool:
        return len(text) <= 12

    assert shorten("twelve signs", fits) == "twelve signs"
    assert shorten("more than twelve", fits) == "more than t…"
    assert shorten("more than twelve", fits, at_words=True) == "more than…"
    assert shorten("one, two, three", fits, at_words=True) == "one, two…"
    assert shorten("x" * 40, fits, at_words=True) == "x" * 11 + "…"
    assert shorten("", fits) == ""
    assert shorten("nothing fits", lambda _: False) == "…"


# What a user likes.


def somebody(model: TasteModel, ratings: dict[int, float], name: str = "Alice") -> Somebody:
    taste = model.fit(ratings)
    kinds = affinities(model.catalogue, taste.ratings)
    told = (name, len(ratings), kinds, model.dimensions_of(taste, 3), model.aligned(taste, 10))
    return Somebody(ratings, taste_figure(*told), draw_taste(*told), kinds)


@pytest.fixture(scope="module")
def rater(model: TasteModel) -> dict[int, float]:
    """Somebody with many ratings."""
    return ratings_of(model, users_with(model, 500, 3)[1])


@pytest.mark.parametrize("name", slow_but(QUICK_NAMES, NAMES))
def test_a_taste_is_drawn_whoever_has_it(model: TasteModel, name: str) -> None:
    alice = somebody(model, STUDY, name)
    assert alice.figure is not None
    assert_can_be_read(alice.figure)
    assert_is_a_small_png(alice.png)


def test_kinds_have_a_dot_at_the_difference_and_an_interval(
    model: TasteModel, rater: dict[int, float]
) -> None:
    fan = somebody(model, rater)
    assert fan.figure is not None
    assert_can_be_read(fan.figure)
    assert_is_a_small_png(fan.png)
    axes, _ = fan.figure.axes
    told = shown_affinities(fan.kinds)
    _, *lines = axes.lines  # the first is that of no difference
    assert 4 <= len(told) <= 8
    for whisker, line, kind in zip(lines[::2], lines[1::2], told, strict=True):
        assert line.get_xdata() == pytest.approx([kind.difference])
        low, high = whisker.get_xdata()
        assert (low + high) / 2 == pytest.approx(kind.difference)
        assert (high - low) / 2 == pytest.approx(1.2816 * kind.std)
        filled = line.get_markerfacecolor() == line.get_color()
        assert filled == (low > 0 or high < 0)
    assert {kind.name for kind in told} <= set(words(fan.figure))


def test_leanings_are_bars_of_their_length_and_the_first_films_are_named(
    model: TasteModel,
) -> None:
    alice = somebody(model, STUDY)
    assert alice.figure is not None
    taste = model.fit(STUDY)
    far = [abs(one.score) for one in model.dimensions_of(taste, 3)]
    assert [bar.get_width() for bar in bars(alice.figure.axes[1])][3:] == pytest.approx(far)
    titles = [one.movie.title for one in model.aligned(taste, 5)]
    assert set(titles) <= set(words(alice.figure))


def test_one_rating_has_leanings_but_no_kinds(model: TasteModel) -> None:
    alice = somebody(model, {ALIEN: 5.0})
    assert alice.figure is not None
    assert_can_be_read(alice.figure)
    assert len(alice.figure.axes) == 1
    assert "From 1 rating" in words(alice.figure)


def test_where_nothing_can_be_told_there_is_no_picture(model: TasteModel) -> None:
    unrated = int(model.movie_ids[model.rated_position < 0][0])
    assert somebody(model, {unrated: 4.0}).png is None


# Dimensions and biases.


@pytest.mark.parametrize("number", slow_but([0, 40], [0, 1, 3, 40, 63]))
@pytest.mark.parametrize("score", slow_but([None, -9.0], [None, -9.0, -0.4, 3.1]))
def test_a_dimension_shows_films_at_both_ends_and_the_place(
    model: TasteModel, number: int, score: float | None
) -> None:
    dimension = model.dimension(number)
    figure = dimension_figure(dimension, score)
    assert_can_be_read(figure)
    assert_is_a_small_png(to_png(figure))
    high, low, *place = figure.axes
    for axes, end in ((high, dimension.high), (low, dimension.low)):
        expected = [one.loading for one in end.movies[:6]]
        assert [bar.get_width() for bar in bars(axes)] == pytest.approx(expected)
    assert ("You" in words(figure)) == (score is not None) == bool(place)
    if score is not None:
        (line,) = place[0].lines
        at = float(line.get_xdata()[0])
        assert at == pytest.approx(score) or (abs(score) > 3 and abs(at) < 3.2)


@pytest.mark.slow
def test_every_dimension_is_labelled_at_both_ends(model: TasteModel) -> None:
    for number in range(model.n_dimensions):
        dimension = model.dimension(number)
        told = [text[:40] for text in words(dimension_figure(dimension))]
        assert f"+ {dimension.high.label or 'no name fits'}"[:40] in told
        assert f"- {dimension.low.label or 'no name fits'}"[:40] in told


@pytest.mark.parametrize("count", [1, 5, 50])
def test_biases_are_bars_with_stars_and_counts(model: TasteModel, count: int) -> None:
    table = model.bias_table(count)
    figure = bias_figure(table)
    assert_can_be_read(figure)
    assert_is_a_small_png(to_png(figure))
    for axes, films in zip(figure.axes, (table.most_loved, table.least_loved), strict=True):
        n = min(count, 7)
        drawn = [bar.get_width() for bar in bars(axes)][n:]
        assert drawn == pytest.approx([abs(one.bias) for one in films[:n]])
    told = words(figure)
    assert f"{table.most_loved[0].bias:+.2f}" in told
    assert f"{table.least_loved[0].count:,}" in told


@pytest.mark.parametrize("name", slow_but(QUICK_NAMES, [*NAMES, "A Very Long Title Indeed " * 6]))
def test_films_of_any_name_are_drawn(model: TasteModel, name: str) -> None:
    loved = MovieBias(film(name), 0.9, 1_234_567)
    assert_can_be_read(bias_figure(BiasTable((loved,), (replace(loved, bias=-2),), 1000)))
    dimension = model.dimension(3)
    first = replace(dimension.high.movies[0], movie=film(name))
    odd = replace(dimension, high=replace(dimension.high, movies=(first,), label=name))
    assert_can_be_read(dimension_figure(odd, 0.3))


# Two people, and the club.


def shared(model: TasteModel, a: dict[int, float], b: dict[int, float]) -> list[CommonRating]:
    return [CommonRating(model.catalogue.by_id(m), a[m], b[m]) for m in a if m in b]


def test_two_people_have_a_round_for_each_pair_of_stars_with_how_many(
    model: TasteModel,
) -> None:
    users = users_with(model, 500, 3)
    a, b = (ratings_of(model, user) for user in users[:2])
    films = shared(model, a, b)
    found = agreement(model, model.fit(a), model.fit(b))
    figure = agreement_figure("Alice", "Bob", films, found)
    assert_is_a_small_png(draw_agreement("Alice", "Bob", films, found))
    gauge, plane = figure.axes
    pairs = {(one.yours, one.theirs) for one in films}
    assert points(plane) == len(pairs) > 20
    numbers = [int(text.get_text()) for text in plane.texts if text.get_text().isdigit()]
    alone = len(pairs) - len(numbers)
    assert sum(numbers) + alone == len(films)
    assert bars(gauge)[0].get_width() == pytest.approx(found.expected)
    assert f"any two people {found.base_rate:.0%}" in words(figure)
    named = [text.get_text() for text in plane.texts if not text.get_text().isdigit()]
    assert 3 <= len(named) <= 7


@pytest.mark.parametrize("name", slow_but(QUICK_NAMES, NAMES))
@pytest.mark.parametrize("stars", [(5.0, 0.5), (0.5, 0.5), (3.0, 3.5)])
def test_one_film_of_two_people_is_named(name: str, stars: tuple[float, float]) -> None:
    figure = agreement_figure(name, name, [CommonRating(film("Alien"), *stars)], FOUND)
    assert_can_be_read(figure)
    assert "Alien" in words(figure)


def test_a_film_that_divides_is_another_colour_and_named_first() -> None:
    agreed = [CommonRating(film(f"film {i}"), s, s) for i, s in enumerate(HALVES)]
    figure = agreement_figure("a", "b", [*agreed, CommonRating(film("Alien"), 5, 1)], FOUND)
    assert_can_be_read(figure)
    plane = figure.axes[1]
    drawn = [one for one in plane.collections if isinstance(one, PathCollection)]
    colours = [tuple(colour) for one in drawn for colour in one.get_facecolors()]
    assert len(set(colours[:-1])) == 1
    assert colours[-1] != colours[0]
    assert plane.texts[0].get_text() == "Alien"


@pytest.mark.parametrize("n", slow_but([2, 7, 12], range(2, 13)))
def test_the_club_has_one_cell_for_each_pair_and_every_name(n: int) -> None:
    rng = np.random.default_rng(n)
    closeness = rng.uniform(0.3, 0.9, (n, n))
    closeness = (closeness + closeness.T) / 2
    np.fill_diagonal(closeness, 1)
    figure = agreement_matrix_figure(NAMES[:n], closeness)
    assert_can_be_read(figure)
    assert_is_a_small_png(draw_agreement_matrix(NAMES[:n], closeness))
    (axes,) = figure.axes
    assert len(bars(axes)) == n * (n - 1) // 2
    told = [text.get_text() for text in axes.texts]
    assert "Alice" in told
    assert len(told) == n * (n - 1) // 2 + n
    assert ("member 6" in told) == (n >= 6)


def test_the_cells_are_those_of_the_two_who_are_named_beside_them() -> None:
    closeness = np.array([[1, 0.4, 0.9], [0.4, 1, 0.5], [0.9, 0.5, 1]])
    (axes,) = agreement_matrix_figure(["a", "b", "c"], closeness).axes
    names = {t.get_text(): int(t.get_position()[0]) for t in axes.texts if t.get_text().isalpha()}
    cells = {
        (int(t.get_position()[1]), int(t.get_position()[0])): t.get_text()
        for t in axes.texts
        if t.get_text().isdigit()
    }
    for one, other, told in (("a", "b", "40"), ("a", "c", "90"), ("b", "c", "50")):
        row, column = sorted((names[one], names[other]), reverse=True)
        assert cells[row, column] == told


def test_people_of_like_taste_stand_together() -> None:
    group = np.array([0, 1, 2, 0, 1, 2, 0, 1, 2])
    closeness = np.where(group[:, None] == group, 0.8, 0.4 + 0.1 * (group[:, None] + group == 3))
    np.fill_diagonal(closeness, 1)
    order = group[seriation_order(closeness)].tolist()
    assert [one for one, _ in itertools.groupby(order)] in ([0, 1, 2], [0, 2, 1])
    assert sorted(seriation_order(np.ones((3, 3)))) == [0, 1, 2]


def test_the_clubs_closeness_is_left_as_it_was(model: TasteModel) -> None:
    closeness = agreements(model, [model.fit({ALIEN: s}) for s in (5.0, 1.0, 3.0)])
    before = closeness.copy()
    agreement_matrix_figure(["a", "b", "c"], closeness)
    assert (closeness == before).all()


# Guesses and the model.


def guesses_of(
    model: TasteModel, ratings: dict[int, float]
) -> tuple[list[str], np.ndarray, np.ndarray]:
    names = [model.catalogue.by_id(movie_id).name for movie_id in ratings]
    return names, model.fit(ratings).leave_one_out()[0], np.array(list(ratings.values()))


@pytest.mark.parametrize("n", slow_but([1, 100], [1, 10, 100, 500]))
def test_each_guess_has_a_point_and_the_biggest_miss_a_name(
    model: TasteModel, rater: dict[int, float], n: int
) -> None:
    names, guesses, given = guesses_of(model, dict(list(rater.items())[:n]))
    figure = fit_figure(names, guesses, given)
    assert_can_be_read(figure)
    assert_is_a_small_png(draw_fit(names, guesses, given))
    (axes,) = figure.axes
    assert points(axes) == n
    close = int((abs(guesses - given) <= 1).sum())
    assert f"{close} of {n} guesses within one star (the band)" in words(figure)
    misses = [names[i] for i in np.argsort(-abs(guesses - given), kind="stable")[:7]]
    named = [text.get_text().rstrip("…") for text in axes.texts]
    assert named
    assert all(any(miss.startswith(name) for miss in misses) for name in named)


def test_points_stand_where_the_stars_are(model: TasteModel, rater: dict[int, float]) -> None:
    names, guesses, given = guesses_of(model, rater)
    (axes,) = fit_figure(names, guesses, given).axes
    drawn = [one for one in axes.collections if isinstance(one, PathCollection)]
    close, far = (np.asarray(one.get_offsets()) for one in drawn)
    order = np.argsort(abs(guesses.astype(float) - given) > 1, kind="stable")
    drawn = np.concatenate([close, far])
    assert np.allclose(drawn[:, 0], guesses[order])
    assert np.abs(drawn[:, 1] - given[order]).max() < 0.2  # less than to the next half star


def test_the_model_has_curves_of_both_heads_and_its_calibration(model: TasteModel) -> None:
    quality = model.card["quality_by_ratings_given"]
    training = recorded_training(model.bundle.metrics)
    assert training is not None
    figure = model_figure(quality, training)
    assert_can_be_read(figure)
    assert_is_a_small_png(draw_model(quality, training))
    drawn = [line.get_ydata().tolist() for axes in figure.axes[:4] for line in axes.lines]
    assert drawn == [
        [step[column] for step in series]
        for series in (training.ranking, training.stars)
        for column in (0, 1)
    ]
    told = words(figure)
    for one in quality.values():
        assert f"{one['covered_80']:.0%}" in told
        assert f"{one['covered_95']:.0%}" in told


def test_without_steps_of_both_heads_there_is_no_recorded_training(model: TasteModel) -> None:
    steps = model.bundle.metrics["steps"]
    stars = [step for step in steps if step["head"] == "stars"]
    assert recorded_training({"steps": steps}) is not None
    assert recorded_training({"steps": stars}) is None
    assert recorded_training({}) is None


def test_bad_calibration_and_steps_without_held_out_people_are_drawn() -> None:
    quality = {"5": {"covered_80": 0.31, "covered_95": 0.99}}
    training = Training([(0.5, None), (0.3, None)], [(0.9, None)])
    assert_can_be_read(model_figure(quality, training))


# All of them.


def drawings(model: TasteModel) -> Iterator[Callable[[], bytes | None]]:
    taste = model.fit(STUDY)
    films = [CommonRating(film("Alien"), 5, 1), CommonRating(film("Aliens"), 4, 4)]
    guesses = guesses_of(model, STUDY)
    yield lambda: somebody(model, STUDY).png
    yield lambda: to_png(dimension_figure(model.dimension(3), model.dimension_score(taste, 3)))
    yield lambda: to_png(bias_figure(model.bias_table(10)))
    yield lambda: draw_agreement("Alice", "Bob", films, FOUND)
    yield lambda: draw_fit(*guesses)
    yield lambda: draw_agreement_matrix(["a", "b"], np.array([[1, 0.4], [0.4, 1]]))


def test_the_same_is_drawn_each_time(model: TasteModel) -> None:
    for draw in drawings(model):
        assert draw() == draw()
