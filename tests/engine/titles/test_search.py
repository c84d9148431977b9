"""Looking films up among real titles with their real numbers of ratings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import TasteModel
from engine.titles.parse import Title, parse_title
from engine.titles.search import TitleIndex
from tests.timing import within

# Number of ratings and raw title: MovieLens (Harper & Konstan 2015).
FILMS = """
  46572 Alien (1979)
  40182 Aliens (1986)
  17653 Alien³ (a.k.a. Alien 3) (1992)
  14811 Alien: Resurrection (1997)
   2765 Alien: Covenant (2017)
  10083 Coco (2017)
  38751 Up (2009)
 107056 Matrix, The (1999)
  30788 Matrix Reloaded, The (2003)
  24470 Matrix Revolutions, The (2003)
   1163 The Matrix Resurrections (2021)
  31850 Heat (1995)
    103 Heat (1972)
     12 Heat (1986)
   2314 Heat, The (2013)
     21 The Heat (2006)
  65666 Seven (a.k.a. Se7en) (1995)
  30209 Jumanji (1995)
   4290 Jumanji: Welcome to the Jungle (2017)
  11669 Dune (1984)
   5437 Dune (2021)
   1914 Dune (2000)
      6 Dune Drifter (2020)
  55791 Aladdin (1992)
   1771 Aladdin (2019)
     17 Aladdin (1992)
     14 Aladdin (1986)
  15498 Thing, The (1982)
   1758 Thing, The (2011)
   1303 Thing from Another World, The (1951)
  45404 Beauty and the Beast (1991)
   3094 Beauty and the Beast (2017)
   1323 Beauty and the Beast (La belle et la bête) (1946)
     20 Beauty and the Beast (1979)
  27630 Total Recall (1990)
   3957 Total Recall (2012)
     44 Dragon Ball Z Gaiden: The Plot to Destroy the Saiyans (1993)
  83026 Jurassic Park (1993)
  11994 Jurassic Park III (2001)
  19774 Lost World: Jurassic Park, The (1997)
      6 Jurassic Shark (2012)
  45749 Amelie (Fabuleux destin d'Amélie Poulain, Le) (2001)
    190 Amelia (2009)
 122296 Shawshank Redemption, The (1994)
     44 Doctor Who: The Waters of Mars (2009)
   5113 Conjuring, The (2013)
   2154 The Conjuring 2 (2016)
   3387 Kubo and the Two Strings (2016)
   4018 Mission: Impossible - Fallout (2018)
  47759 Mission: Impossible (1996)
  23898 Mission: Impossible II (2000)
   3681 Treasure Planet (2002)
  97202 Star Wars: Episode IV - A New Hope (1977)
  80200 Star Wars: Episode V - The Empire Strikes Back (1980)
  76773 Star Wars: Episode VI - Return of the Jedi (1983)
   6376 Lord of the Rings, The (1978)
  79940 Lord of the Rings: The Fellowship of the Ring, The (2001)
  73687 Lord of the Rings: The Two Towers, The (2002)
  75512 Lord of the Rings: The Return of the King, The (2003)
  36127 Harry Potter and the Sorcerer's Stone (a.k.a. Philosopher's Stone) (2001)
  31004 Harry Potter and the Chamber of Secrets (2002)
  32517 Harry Potter and the Prisoner of Azkaban (2004)
   7377 1917 (2019)
  37113 2001: A Space Odyssey (1968)
  47695 Blade Runner (1982)
  11456 Blade Runner 2049 (2017)
   8422 2012 (2009)
   5934 M (1931)
     41 M (1951)
     13 M (2018)
    917 Z (1969)
     31 Z (2019)
   5056 It (2017)
     84 It (1927)
  12042 Pi (1998)
   4513 9 (2009)
    493 9 (2005)
  39737 Spider-Man (2002)
  27683 Spider-Man 2 (2004)
  42387 X-Men (2000)
  42033 WALL·E (2008)
  14568 M*A*S*H (a.k.a. MASH) (1970)
  43868 E.T. the Extra-Terrestrial (1982)
  21300 Rocky (1976)
   7423 Rocky II (1979)
   4580 Rocky V (1990)
  75004 Godfather, The (1972)
  47271 Godfather: Part II, The (1974)
  14446 Godfather: Part III, The (1990)
  71820 Terminator 2: Judgment Day (1991)
  48672 Terminator, The (1984)
  40058 Twister (1996)
    476 Twister (1990)
  12541 Joker (2019)
     15 Joker (2012)
  60749 Gladiator (2000)
   3875 Gladiator (1992)
  84232 Schindler's List (1993)
  43539 Léon: The Professional (a.k.a. The Professional) (Léon) (1994)
   4982 Professional, The (Le professionnel) (1981)
     16 The Professional (2003)
 108756 Pulp Fiction (1994)
 113581 Forrest Gump (1994)
  65056 Inception (2010)
  65349 Dark Knight, The (2008)
  67777 Back to the Future (1985)
  29684 Back to the Future Part II (1989)
  54980 Good Will Hunting (1997)
  34324 Dr. Strangelove or: How I Learned to Stop Worrying and Love the Bomb (1964)
     30 Dr. Strange (1978)
  27209 City of God (Cidade de Deus) (2002)
  10445 City of Lost Children, The (Cité des enfants perdus, La) (1995)
  17052 Boot, Das (Boat, The) (1981)
  17878 Old Boy (2003)
    572 Oldboy (2013)
  17192 (500) Days of Summer (2009)
   4493 8 1/2 (8½) (1963)
   1184 Wonder Woman 1984 (2020)
   7802 Wonder Woman (2017)
     15 Wonder Woman (1974)
     13 Wonder Woman (2011)
  76813 Toy Story (1995)
  34495 Toy Story 2 (1999)
  21131 Toy Story 3 (2010)
   1173 Idiots, The (Idioterne) (1998)
   2279 3 Idiots (2009)
   1174 Human Centipede, The (First Sequence) (2009)
   9095 First Blood (Rambo: First Blood) (1982)
  22013 Mad Max: Fury Road (2015)
  12549 Road Warrior, The (Mad Max 2) (1981)
  42340 Ocean's Eleven (2001)
   2313 Ocean's Eleven (a.k.a. Ocean's 11) (1960)
  17120 Seven Samurai (Shichinin no samurai) (1954)
  62521 Apollo 13 (1995)
  25473 District 9 (2009)
   3899 Fast & Furious (Fast and the Furious 4, The) (2009)
  39535 Ghostbusters (a.k.a. Ghost Busters) (1984)
   2103 Ghostbusters (2016)
  27495 Avengers, The (2012)
   3177 Avengers, The (1998)
    109 Captain America (1990)
  14256 Captain America: The First Avenger (2011)
   8246 ¡Three Amigos! (1986)
  23202 Run Lola Run (Lola rennt) (1998)
   3038 [REC] (2007)
  48124 Finding Nemo (2003)
 101802 Silence of the Lambs, The (1991)
  69902 American Beauty (1999)
  32435 Life Is Beautiful (La Vita è bella) (1997)
     91 $9.99 (2008)
  11499 Birdman: Or (The Unexpected Virtue of Ignorance) (2014)
    808 Death Race 2000 (1975)
  48441 Monsters, Inc. (2001)
   2096 Ikiru (1952)
   6528 Ran (1985)
  17603 Her (2013)
     34 Good Wife, The (1987)
  24159 Citizen Kane (1941)
"""


class Films:
    """An index together with the words to speak about its rows."""

    def __init__(self, lines: str) -> None:
        split = [line.strip().split(" ", 1) for line in lines.strip().splitlines()]
        self.counts = [int(count) for count, _ in split]
        self.titles: list[Title] = [parse_title(raw) for _, raw in split]
        self.raw = [raw for _, raw in split]
        self.index = TitleIndex(
            [title.name for title in self.titles],
            [title.year for title in self.titles],
            [title.aliases for title in self.titles],
            self.counts,
        )

    def shown(self, row: int) -> str:
        return f"{self.titles[row].name} ({self.titles[row].year})"

    def certain(self, query: str) -> str | None:
        resolution = self.index.resolve(query)
        return self.shown(resolution.matches[0].row) if resolution.certain else None

    def choices(self, query: str) -> list[str]:
        return [self.shown(match.row) for match in self.index.resolve(query).matches]

    def found(self, query: str, n: int = 10) -> list[str]:
        return [self.shown(match.row) for match in self.index.search(query, n)]


@pytest.fixture(scope="module")
def films() -> Films:
    return Films(FILMS)


@pytest.mark.parametrize(
    ("query", "film"),
    [
        ("Alien", "Alien (1979)"),
        ("Coco", "Coco (2017)"),
        ("up", "Up (2009)"),
        ("The Matrix", "The Matrix (1999)"),
        ("matrix", "The Matrix (1999)"),
        ("Heat", "Heat (1995)"),
        ("The Heat", "The Heat (2013)"),
        ("Se7en", "Seven (1995)"),
        ("Jumanji", "Jumanji (1995)"),
        ("amélie", "Amelie (2001)"),
        ("le fabuleux destin d’amelie poulain", "Amelie (2001)"),
        ("Doctor Who: The Waters of Mars", "Doctor Who: The Waters of Mars (2009)"),
        ("the conjuring 2", "The Conjuring 2 (2016)"),
        ("Kubo and the Two Strings", "Kubo and the Two Strings (2016)"),
        ("mission impossible fallout", "Mission: Impossible - Fallout (2018)"),
        ("Treasure Planet", "Treasure Planet (2002)"),
        ("M", "M (1931)"),
        ("it", "It (2017)"),
        ("Pi", "Pi (1998)"),
        ("[REC]", "[REC] (2007)"),
        ("spiderman", "Spider-Man (2002)"),
        ("spider man 2", "Spider-Man 2 (2004)"),
        ("xmen", "X-Men (2000)"),
        ("walle", "WALL·E (2008)"),
        ("e.t. the extra terrestrial", "E.T. the Extra-Terrestrial (1982)"),
        ("Fast and Furious", "Fast & Furious (2009)"),
        ("three amigos", "¡Three Amigos! (1986)"),
        ("Matrix, The (1999)", "The Matrix (1999)"),
    ],
)
def test_a_title_is_taken_in_any_spelling(films: Films, query: str, film: str) -> None:
    assert films.certain(query) == film


@pytest.mark.parametrize(
    ("query", "film"),
    [
        ("rocky 2", "Rocky II (1979)"),
        ("rocky 5", "Rocky V (1990)"),
        ("godfather part 2", "The Godfather: Part II (1974)"),
        ("alien 3", "Alien³ (1992)"),
        ("alien iii", "Alien³ (1992)"),
        ("alien3", "Alien³ (1992)"),
        ("7 samurai", "Seven Samurai (1954)"),
        ("8½", "8 1/2 (1963)"),
        ("terminator 2", "Terminator 2: Judgment Day (1991)"),
    ],
)
def test_numbers_are_the_same_in_every_writing(films: Films, query: str, film: str) -> None:
    assert films.certain(query) == film


@pytest.mark.parametrize(
    ("query", "film"),
    [
        ("1917", "1917 (2019)"),
        ("2012", "2012 (2009)"),
        ("2001: A Space Odyssey", "2001: A Space Odyssey (1968)"),
        ("Blade Runner 2049", "Blade Runner 2049 (2017)"),
        ("Wonder Woman 1984", "Wonder Woman 1984 (2020)"),
        ("death race 2000", "Death Race 2000 (1975)"),
        ("apollo 13", "Apollo 13 (1995)"),
        ("$9.99", "$9.99 (2008)"),
    ],
)
def test_numbers_that_belong_to_a_title_are_no_years(films: Films, query: str, film: str) -> None:
    assert films.certain(query) == film


@pytest.mark.parametrize(
    "query",
    ["Dune", "Aladdin", "Beauty and the Beast", "Total Recall", "the thing", "9", "avengers"],
)
def test_namesakes_are_asked_about_the_most_rated_first(films: Films, query: str) -> None:
    assert films.certain(query) is None
    namesakes = [match.row for match in films.index.resolve(query).matches if match.score == 100]
    counts = [films.counts[row] for row in namesakes]
    assert len(counts) > 1
    assert counts == sorted(counts, reverse=True)


@pytest.mark.parametrize(
    ("query", "film"),
    [
        ("Dune (1984)", "Dune (1984)"),
        ("dune 2021", "Dune (2021)"),
        ("aladdin 2019", "Aladdin (2019)"),
        ("the thing 1982", "The Thing (1982)"),
        ("heat 1972", "Heat (1972)"),
        ("9 (2005)", "9 (2005)"),
        ("blade runner 1982", "Blade Runner (1982)"),
        ("Amelei (2001)", "Amelie (2001)"),
        ("blade runer 2017", None),
    ],
)
def test_a_year_decides(films: Films, query: str, film: str | None) -> None:
    assert films.certain(query) == film


def test_a_year_may_be_off_by_one(films: Films) -> None:
    assert films.certain("Amelie (2002)") == "Amelie (2001)"


@pytest.mark.parametrize("query", ["Amelie (1950)", "amelie 1950", "amelei 1950", "Alien (2013)"])
def test_a_film_of_quite_another_year_is_never_taken(films: Films, query: str) -> None:
    assert films.certain(query) is None
    assert films.choices(query)


@pytest.mark.parametrize("row", range(len(FILMS.strip().splitlines())))
def test_every_film_is_found_by_name_and_year_and_never_mistaken(films: Films, row: int) -> None:
    raw, shown = films.raw[row], films.shown(row)
    twins = films.titles.count(films.titles[row])
    for query in (raw, shown):
        assert films.certain(query) == shown or twins > 1
        assert shown in films.choices(query)
    assert shown in films.found(films.titles[row].name)


@pytest.mark.parametrize(
    ("query", "film"),
    [
        ("Dragon Ball Z Gaiden", "Dragon Ball Z Gaiden: The Plot to Destroy the Saiyans (1993)"),
        (
            "dr strangelove",
            "Dr. Strangelove or: How I Learned to Stop Worrying and Love the Bomb (1964)",
        ),
        ("human centipede first sequence", "The Human Centipede (2009)"),
        ("rambo first blood", "First Blood (1982)"),
        ("empire strikes back", "Star Wars: Episode V - The Empire Strikes Back (1980)"),
        ("the fellowship of the ring", "The Lord of the Rings: The Fellowship of the Ring (2001)"),
        ("good will huntin", "Good Will Hunting (1997)"),
    ],
)
def test_a_part_that_only_one_film_has_is_enough(films: Films, query: str, film: str) -> None:
    assert films.certain(query) == film


@pytest.mark.parametrize(
    ("query", "among"),
    [
        ("star wars", ["Episode IV", "Episode V ", "Episode VI"]),
        ("Lord of the Rings", ["Fellowship", "Two Towers", "Return of the King", "Rings (1978)"]),
        ("lord of teh rings", ["Fellowship", "Two Towers", "Return of the King", "Rings (1978)"]),
        ("harry potter", ["Sorcerer's", "Chamber", "Azkaban"]),
        ("harry poter", ["Sorcerer's", "Chamber", "Azkaban"]),
        ("captain america", ["Captain America (1990)", "First Avenger"]),
        ("dr strange", ["Dr. Strange (1978)", "Strangelove"]),
        ("ocean's 11", ["(2001)", "(1960)"]),
        ("back to the futur", ["Future (1985)", "Part II"]),
        ("rings lord", ["Fellowship"]),
        ("blade", ["Blade Runner (1982)", "2049"]),
    ],
)
def test_a_part_that_several_films_have_is_asked_about(
    films: Films, query: str, among: list[str]
) -> None:
    assert films.certain(query) is None
    choices = films.choices(query)
    for title in among:
        assert any(title in choice for choice in choices)


@pytest.mark.parametrize(
    ("query", "film"),
    [
        ("Teh Matrix", "The Matrix (1999)"),
        ("th mtrix", "The Matrix (1999)"),
        ("Jurasic Park", "Jurassic Park (1993)"),
        ("Amelei", "Amelie (2001)"),
        ("shawshank redemtion", "The Shawshank Redemption (1994)"),
        ("forest gump", "Forrest Gump (1994)"),
        ("pulp ficton", "Pulp Fiction (1994)"),
        ("inceptoin", "Inception (2010)"),
        ("silense of the lamsb", "The Silence of the Lambs (1991)"),
        ("blade runer 2049", "Blade Runner 2049 (2017)"),
    ],
)
def test_a_slip_of_the_finger_is_forgiven(films: Films, query: str, film: str) -> None:
    assert films.certain(query) == film


@pytest.mark.parametrize(
    ("query", "near"),
    [
        ("joker 2", "Joker (2019)"),
        ("toy story 8", "Toy Story 3 (2010)"),
        ("gladiator ii", "Gladiator (2000)"),
        ("twisters", "Twister (1996)"),
        ("dunne", "Dune (1984)"),
        ("avatar", None),
        ("pulp friction story", None),
    ],
)
def test_another_film_is_no_slip(films: Films, query: str, near: str | None) -> None:
    assert films.certain(query) is None
    assert near is None or near in films.choices(query)


def test_a_word_of_many_titles_is_no_slip() -> None:
    lines = "5000 The Cool World (1992)\n" + "\n".join(
        f"{count} {title} (2000)"
        for count in range(12)
        for title in (f"Cool {count} Nights", f"Last Word of {count}")
    )
    assert Films(lines).certain("cool word") is None
    assert Films(lines).certain("cool wrld") == "The Cool World (1992)"


def test_a_little_known_film_is_not_taken_for_a_slip_or_a_word() -> None:
    films = Films("7 Marvelous Contraption (1990)")
    assert films.certain("marvelous contraption") == "Marvelous Contraption (1990)"
    assert films.certain("marvelous contraptoin") is None
    assert films.certain("marvelous") is None
    assert films.choices("marvelous contraptoin") == ["Marvelous Contraption (1990)"]


def test_an_unknown_exact_name_gives_way_to_a_famous_beginning() -> None:
    films = Films("3 Stellar Quest (1990)\n90000 Stellar Quest: The Movie (2000)")
    assert films.certain("stellar quest") is None
    assert films.choices("stellar quest")[0] == "Stellar Quest (1990)"


@pytest.mark.parametrize("query", ["", "  ", "zzzzqqqq", "xyzzy foo bar", "(", "…"])
def test_nothing_near_finds_nothing(films: Films, query: str) -> None:
    assert films.choices(query) == []
    assert films.certain(query) is None
    assert films.found(query) == []


def test_titles_of_signs_are_found() -> None:
    films = Films("5 *** (2001)\n4 … (2002)\n3 ? (2003)")
    assert films.certain("***") == "*** (2001)"
    assert films.certain("...") == "… (2002)"
    assert films.certain("?") == "? (2003)"


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("ali", "Alien (1979)"),
        ("the matr", "The Matrix (1999)"),
        ("star wars: ep", "Star Wars: Episode IV - A New Hope (1977)"),
        ("shaws", "The Shawshank Redemption (1994)"),
        ("towers", "The Lord of the Rings: The Two Towers (2002)"),
        ("matrx", "The Matrix (1999)"),
        ("dune 2021", "Dune (2021)"),
        ("sevn samurai", "Seven Samurai (1954)"),
    ],
)
def test_search_completes_what_is_being_typed(films: Films, query: str, first: str) -> None:
    assert films.found(query)[0] == first


def test_one_letter_is_completed_to_titles_that_begin_with_it(films: Films) -> None:
    found = [title.removeprefix("The ").lstrip("¡") for title in films.found("t", 50)]
    assert "Terminator (1984)" in found
    assert all(title.startswith("T") for title in found)


def test_search_gives_at_most_n_films_once_each_best_first(films: Films) -> None:
    for query in ("the", "star wars", "alien", "m", "harry poter"):
        for n in (1, 3, 25):
            matches = films.index.search(query, n)
            scores = [match.score for match in matches]
            assert len(matches) <= n
            assert len({match.row for match in matches}) == len(matches)
            assert scores == sorted(scores, reverse=True)
            assert all(0 <= score <= 100 for score in scores)


@given(query=st.text(max_size=40))
def test_any_query_is_answered(query: str) -> None:
    films = Films("46572 Alien (1979)\n12 Häxan (1922)\n5 *** (2001)")
    resolution = films.index.resolve(query)
    assert {match.row for match in resolution.matches} <= {0, 1, 2}
    assert resolution.matches or not resolution.certain
    assert len(films.index.search(query, 2)) <= 2


@pytest.mark.parametrize("words", ["a ", "Alien ", "the crying game ", "a (b) ", "xyz"])
def test_a_query_without_end_takes_no_longer(model: TasteModel, words: str) -> None:
    query = words * (6_000 // len(words))  # as many characters as Discord lets people type
    model.titles.resolve("a b")
    with within(30):  # times the yardstick, which is a second
        model.titles.search(query)
        model.titles.resolve(query)


def test_an_empty_catalogue_finds_nothing() -> None:
    index = TitleIndex([], [], [], [])
    assert index.search("alien") == []
    assert index.resolve("alien").matches == ()


def test_sequences_of_unequal_length_are_refused() -> None:
    with pytest.raises(ValueError, match="equally long"):
        TitleIndex(["Alien"], [1979], [()], [])


def test_a_query_of_the_commonest_words_costs_no_more_than_another(model: TasteModel) -> None:
    titles = model.titles
    titles.resolve("Alein")
    words = ["the", "of", "and", "a", "to", "in", "one", "two", "s"]
    with within(20):  # times the yardstick: 0.7 s, and each is some 2 ms
        for n in range(100):
            titles.resolve(" ".join(words[(n * k) % len(words)] for k in range(n % 5, 60)))


def test_what_was_asked_lately_is_not_looked_up_again(model: TasteModel) -> None:
    asked = ["The Shawshenk Redemption", "  the   shawshenk redemption", "xqzzy wvut"]
    first = [model.titles.resolve(query) for query in asked]
    with within(5):  # times the yardstick, in which a hundred are looked up
        again = [model.titles.resolve(query) for query in asked * 1_000]
    assert again == first * 1_000
