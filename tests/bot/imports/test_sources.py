"""A service is one file in ``bot/imports/formats/``: the reader and the help find it there."""

from pathlib import Path

import pytest

from bot.app.context import AppContext, RequestContext
from bot.errors import UserError
from bot.imports import formats
from bot.imports.format import ImportSource
from bot.imports.sources import import_sources, named_sources
from bot.services.import_ratings import import_ratings
from bot.uploads import Upload
from tests.bot.imports.conftest import Read
from tests.bot.imports.samples import ALIEN, MATRIX

ALICE = RequestContext("console:alice", "alice")

TOY = '''\
"""Toy: a table of smileys."""

from bot.imports.csv_reader import Record
from bot.imports.format import ImportSource, TableFormat
from bot.imports.rows import ImportedRow
from bot.imports.values import clean_title, parse_year

_STARS = {":)": 5.0, ":|": 2.5, ":(": 0.5}


def _read(record: Record) -> ImportedRow:
    stars = _STARS.get(record["smiley"])
    return ImportedRow(
        record.line,
        clean_title(record["film"]),
        parse_year(record["year"]),
        stars,
        error="" if stars else "there is no smiley",
    )


SMILEYS = TableFormat(
    scale="smileys: :) is 5 stars",
    required=(frozenset({"film", "year", "smiley"}),),
    used=frozenset({"film", "year", "smiley"}),
    read=_read,
)

SOURCE = ImportSource(name="Toy", how_to_get="Menu, Save: send the csv", formats=(SMILEYS,))
'''
TOY_JSON = '''\
"""Toy: a list of smileys in JSON."""

from bot.imports.format import ImportSource, JsonFormat, JsonItem
from bot.imports.rows import ImportedRow


def _read(number: int, item: JsonItem) -> ImportedRow:
    return ImportedRow(number, str(item["film"]), stars=5.0, imdb_id=item["number"])


SMILEYS = JsonFormat(
    scale="smileys: all are 5 stars",
    marker='"smiley"',
    fits=lambda items: any("smiley" in item for item in items),
    read=_read,
)

SOURCE = ImportSource(name="Toy in JSON", how_to_get="Menu: send the json", formats=(SMILEYS,))
'''
TOY_FILE = "Film,Year,Smiley\nAlien,1979,:)\nThe Matrix,1999,:(\nSe7en,1995,?\n"


@pytest.fixture
def _toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two files in a folder that the package has for the length of a test."""
    (tmp_path / "toy.py").write_text(TOY)
    (tmp_path / "toy_json.py").write_text(TOY_JSON)
    monkeypatch.setattr(formats, "__path__", [*formats.__path__, str(tmp_path)])


@pytest.mark.usefixtures("_toy")
def test_a_service_is_added_by_its_file_alone(read: Read) -> None:
    history = read(TOY_FILE)

    assert (history.source, history.scale) == ("Toy", "smileys: :) is 5 stars")
    assert history.stars == {ALIEN: 5.0, MATRIX: 0.5}
    assert [(row.title, row.reason) for row in history.invalid] == [("Se7en", "there is no smiley")]


@pytest.mark.usefixtures("_toy")
def test_a_service_that_writes_json_is_added_alike(read: Read) -> None:
    history = read('[{"film": "Alien", "smiley": ":)", "number": 78748}]')

    assert (history.source, history.stars) == ("Toy in JSON", {ALIEN: 5.0})
    with pytest.raises(UserError, match="no list of ratings of films from Trakt or Toy in JSON"):
        read('[{"film": "Alien"}]')


@pytest.mark.usefixtures("_toy")
def test_what_to_send_names_a_service_that_was_added(read: Read) -> None:
    with pytest.raises(UserError, match=r"MovieLens, Toy, Toy in JSON or me, for example"):
        read("")


@pytest.mark.usefixtures("_toy")
async def test_the_command_tells_of_the_service_and_takes_its_file(context: AppContext) -> None:
    async def content() -> bytes:
        return TOY_FILE.encode()

    overview = await import_ratings(context, ALICE)
    assert ("Toy", "Menu, Save: send the csv") in overview.tables[0].rows
    await context.store.remember(ALICE.user_id, ALICE.name, None, None)
    await import_ratings(context, ALICE, Upload("toy.csv", len(TOY_FILE), content))
    await import_ratings(context, ALICE, confirm=True)

    ratings = await context.store.ratings(ALICE.user_id)
    assert {rating.movie_id: rating.stars for rating in ratings} == {ALIEN: 5.0, MATRIX: 0.5}


def test_without_its_file_a_service_is_unknown(read: Read) -> None:
    with pytest.raises(UserError, match="no list of ratings with the columns “film, year, smiley”"):
        read(TOY_FILE)


def test_each_file_defines_a_service_of_its_own_name() -> None:
    sources = import_sources()

    assert all(isinstance(source, ImportSource) and source.formats for source in sources)
    assert len({source.name for source in sources}) == len(sources)


def test_people_are_told_how_to_get_the_file_of_each_service_ours_last() -> None:
    named = named_sources()

    assert [source.name for source in named] == [
        *("Letterboxd", "IMDb", "Trakt", "MovieLens", "Reeltwin")
    ]
    assert all("send the" in source.how_to_get for source in named if not source.is_own)
