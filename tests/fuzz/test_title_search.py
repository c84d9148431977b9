"""Whatever is looked for, films come that there are, the best first."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import TasteModel
from engine.titles.search import TitleIndex
from tests.bot.discord_sweep.words import changed
from tests.fuzz.inputs import LONGEST, fuzzed, soon, texts

# Of the films that ship: the famous ones, and those that come every so many.
_FAMOUS, _EVERY = 500, 100


@dataclass(frozen=True, repr=False)
class Slice:
    """Some films of the model, with an index so small that many queries take little time."""

    titles: list[str]
    index: TitleIndex


@pytest.fixture(scope="module")
def some(model: TasteModel) -> Slice:
    catalogue = model.catalogue
    rows = sorted({*model.well_known[:_FAMOUS].tolist(), *range(0, len(catalogue), _EVERY)})
    index = TitleIndex(
        [catalogue.names[row] for row in rows],
        [int(catalogue.years[row]) or None for row in rows],
        [catalogue.aliases[row] for row in rows],
        [int(catalogue.counts[row]) for row in rows],
    )
    return Slice([catalogue.by_row(row).title for row in rows], index)


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
def test_any_query(some: Slice, query: str) -> None:
    check(some.index, query, len(some.titles))


@fuzzed(cost=4)
@given(st.data())
def test_titles_mistyped(some: Slice, data: st.DataObject) -> None:
    title = data.draw(st.sampled_from(some.titles))
    check(some.index, data.draw(changed(st.just(title)))[:LONGEST], len(some.titles))


@fuzzed(cost=4)
@given(st.data())
def test_every_film_is_found_by_its_own_title(some: Slice, data: st.DataObject) -> None:
    row = data.draw(st.integers(0, len(some.titles) - 1))
    assert row in [match.row for match in some.index.search(some.titles[row], 25)]


@fuzzed(cost=50)
@given(texts)
def test_among_all_films(model: TasteModel, query: str) -> None:
    check(model.titles, query, len(model.catalogue))
