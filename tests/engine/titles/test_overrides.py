"""Films that MovieLens lists under a working title are found, and shown, as people know them."""

import pytest

from engine import TasteModel
from engine.bundle.catalogue_file import from_bytes, to_bytes
from engine.titles.overrides import RELEASED_AS


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("avengers endgame", "Avengers: Endgame (2019)"),
        ("Avengers: Infinity War - Part II", "Avengers: Endgame (2019)"),
        ("avengers infinity war", "Avengers: Infinity War (2018)"),
        ("Guardians of the Galaxy Vol. 2", "Guardians of the Galaxy Vol. 2 (2017)"),
        ("guardians of the galaxy 2", "Guardians of the Galaxy Vol. 2 (2017)"),
        ("spiderman homecoming", "Spider-Man: Homecoming (2017)"),
        ("LOTR: the two towers", "The Lord of the Rings: The Two Towers (2002)"),
    ],
)
def test_a_film_is_found_by_the_name_that_people_know(
    model: TasteModel, typed: str, title: str
) -> None:
    found = model.titles.resolve(typed)
    assert found.certain
    assert model.catalogue.by_row(found.matches[0].row).title == title


def test_lotr_offers_the_three_films(model: TasteModel) -> None:
    offered = [
        model.catalogue.by_row(match.row).name for match in model.titles.resolve("lotr").matches
    ]
    assert set(offered[:3]) == {
        "The Lord of the Rings: The Fellowship of the Ring",
        "The Lord of the Rings: The Two Towers",
        "The Lord of the Rings: The Return of the King",
    }


def test_a_catalogue_that_is_saved_and_read_again_stays_the_same(model: TasteModel) -> None:
    again = from_bytes(to_bytes(model.catalogue))
    assert list(again.names) == list(model.catalogue.names)
    assert list(again.aliases) == list(model.catalogue.aliases)


def test_every_name_is_of_a_film_in_the_catalogue(model: TasteModel) -> None:
    assert all(model.catalogue.by_id(movie).name == name for movie, name in RELEASED_AS.items())


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("The Godfather 2", "The Godfather: Part II (1974)"),
        ("kill bill 1", "Kill Bill: Vol. 1 (2003)"),
        ("John Wick 2", "John Wick: Chapter Two (2017)"),
        ("Back to the Future 3", "Back to the Future Part III (1990)"),
    ],
)
def test_a_part_is_found_by_its_number_alone(model: TasteModel, typed: str, title: str) -> None:
    found = model.titles.resolve(typed)
    assert found.certain
    assert model.catalogue.by_row(found.matches[0].row).title == title
