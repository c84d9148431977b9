"""Whatever is looked for, films come that there are, the best first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import TasteModel
from engine.title_search import TitleIndex
from tests.bot.discord_sweep.words import changed
from tests.fuzz.inputs import LONGEST, fuzzed, soon, texts

# Of the films that ship: the famous ones, and those that come every so many.
_FAMOUS, _EVERY = 500, 100


@pytest.fixture(scope="module")
def rows(model: TasteModel) -> list[int]:
    return sorted({*model.well_known[:_FAMOUS].tolist(), *range(0, len(model.catalogue), _EVERY)})


@pytest.fixture(scope="module")
def index(model: TasteModel, rows: list[int]) -> TitleIndex:
    """A small index, so that many queries take little time."""
    catalogue = model.catalogue
    return TitleIndex(
        [catalogue.names[row] for row in rows],
        [int(catalogue.years[row]) or None for row in rows],
        [catalogue.aliases[row] for row in rows],
        [int(catalogue.counts[row]) for row in rows],
    )


def check(index: TitleIndex, query: str, n_films: int) -> None:
    with soon():
        found, resolved = index.search(query, 25), index.resolve(query)
    for matches, most in ((found, 25), (resolved.matches, 10)):
        assert len(matches) <= most
        assert len({match.row for match in matches}) == len(matches)
        assert all(0 <= match.row < n_films and 0 <= match.score <= 100 for match in matches)
        assert [m.score for m in matches] == sorted((m.score for m in matches), reverse=True)
    assert resolved.matches or not resolved.certain
    assert index.search(f" {query}\n", 3) == found[:3]


@fuzzed()
@given(texts)
def test_any_query(index: TitleIndex, rows: list[int], query: str) -> None:
    check(index, query, len(rows))


@fuzzed(cost=4)
@given(st.data())
def test_titles_mistyped(
    model: TasteModel, index: TitleIndex, rows: list[int], data: st.DataObject
) -> None:
    title = model.catalogue.at(rows[data.draw(st.integers(0, len(rows) - 1))]).title
    check(index, data.draw(changed(st.just(title)))[:LONGEST], len(rows))


@fuzzed(cost=4)
@given(st.data())
def test_every_film_is_found_by_its_own_title(
    model: TasteModel, index: TitleIndex, rows: list[int], data: st.DataObject
) -> None:
    position = data.draw(st.integers(0, len(rows) - 1))
    title = model.catalogue.at(rows[position]).title
    assert position in [match.row for match in index.search(title, 25)]


@fuzzed(cost=50)
@given(texts)
def test_among_all_films(model: TasteModel, query: str) -> None:
    check(model.titles, query, len(model.catalogue))
