import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.titles.parse import Title, fold, parse_title


@pytest.mark.parametrize(
    ("raw", "name", "year", "aliases"),
    [
        ("Toy Story (1995)", "Toy Story", 1995, ()),
        ("Matrix, The (1999)", "The Matrix", 1999, ()),
        ("American in Paris, An (1951)", "An American in Paris", 1951, ()),
        ("Hip Hop Witch, Da (2000)", "Da Hip Hop Witch", 2000, ()),
        (
            "City of Lost Children, The (Cité des enfants perdus, La) (1995)",
            "The City of Lost Children",
            1995,
            ("La Cité des enfants perdus",),
        ),
        ("Apartment, The (Appartement, L') (1996)", "The Apartment", 1996, ("L'Appartement",)),
        ("Children of Nature (Börn, Das) (1991)", "Children of Nature", 1991, ("Das Börn",)),
        ("Gambler, The (Játékos, A) (1997)", "The Gambler", 1997, ("A Játékos",)),
        ("Fidanzati, I (Fiances, The) (1963)", "I Fidanzati", 1963, ("The Fiances",)),
        ("Stranger, The (Straniero, Lo) (1967)", "The Stranger", 1967, ("Lo Straniero",)),
        ("So Normal (Normais, Os) (2003)", "So Normal", 2003, ("Os Normais",)),
        (
            "Royal Affair, A (Kongelig affære, En) (2012)",
            "A Royal Affair",
            2012,
            ("En Kongelig affære",),
        ),
        ("Seven (a.k.a. Se7en) (1995)", "Seven", 1995, ("Se7en",)),
        ("Witches, The (aka Devil's Own, The) (1966)", "The Witches", 1966, ("The Devil's Own",)),
        (
            "King of Thorn (King of Thorns) (Ibara no O) (2009)",
            "King of Thorn",
            2009,
            ("King of Thorns", "Ibara no O"),
        ),
        ("Babies (Bébé(s)) (2010)", "Babies", 2010, ("Bébé(s)",)),
        (
            "Dirty Dozen, The: The Fatal Mission (1988)",
            "The Dirty Dozen: The Fatal Mission",
            1988,
            (),
        ),
        ("Underground Comedy Movie, The  (1999) ", "The Underground Comedy Movie", 1999, ()),
        ("Longmire (2012-)", "Longmire", 2012, ()),
        ("Fawlty Towers (1975-1979)", "Fawlty Towers", 1975, ()),
        ("Death Note: Desu nôto (2006–2007)", "Death Note: Desu nôto", 2006, ()),
        (
            "The Naked Truth (1957) (Your Past Is Showing)",
            "The Naked Truth",
            1957,
            ("Your Past Is Showing",),
        ),
        (
            "Millions Game, The (Das Millionenspiel)",
            "The Millions Game",
            None,
            ("Das Millionenspiel",),
        ),
        ("Ready Player One", "Ready Player One", None, ()),
    ],
)
def test_raw_titles_come_apart(
    raw: str, name: str, year: int | None, aliases: tuple[str, ...]
) -> None:
    assert parse_title(raw) == Title(name, year, aliases)


@pytest.mark.parametrize(
    "name",
    [
        "(500) Days of Summer",
        "I Can't Think Straight",
        "Birdman: Or (The Unexpected Virtue of Ignorance)",
        "Best F(r)iends",
        "Assassin(s)",
        "Ah Boys To Men (Part 1)",
        "How to Train Your Husband or (How to Pick Your Second Husband First)",
        "2001: A Space Odyssey",
        "Ó Paí, Ó",
        "Je, tu, il, elle",
        "Die, Mommie, Die",
        "I Love You, I Love You Not",
        "Jia Zhangke, A Guy from Fenyang",
        "The Good, the Bad and the Ugly",
    ],
)
def test_what_belongs_to_the_name_stays(name: str) -> None:
    assert parse_title(f"{name} (2014)") == Title(name, 2014, ())


def test_a_title_in_front_of_whose_bracket_is_nothing_is_its_name() -> None:
    assert parse_title("(1999)") == Title("(1999)", None, ())
    assert parse_title("(Untitled) (2009)") == Title("(Untitled)", 2009, ())


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Amélie", "amelie"),
        ("Smørrebrød, Łódź, straße, Æon, Cœur", "smorrebrod lodz strasse aeon coeur"),
        ("Schindler's List", "schindlers list"),
        ("Schindler’s List", "schindlers list"),
        ("“Crocodile” Dundee", "crocodile dundee"),
        ("Fast & Furious", "fast and furious"),
        ("Alien³", "alien 3"),
        ("8½", "8 1 2"),
        ("8 1/2", "8 1 2"),
        ("E.T. the Extra-Terrestrial", "et the extra terrestrial"),
        ("S.W.A.T.", "swat"),
        ("Mr. & Mrs. Smith", "mr and mrs smith"),
        ("Version 2.0", "version 2 0"),
        ("WALL·E", "wall e"),
        ("  Face/Off  ", "face off"),
        ("Ουζερί Τσιτσάνης", "ουζερι τσιτσανησ"),
        ("101次求婚", "101次求婚"),
        ("***", "***"),
        ("…", "..."),
        ("'", "'"),
        ("$", "$"),
        ("", ""),
        (" \t\n", ""),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
@example("ſ́ ’ ‘ ´")
@example("A.ᴮ.C")
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_only_blank_text_folds_to_nothing(text: str) -> None:
    assert (fold(text) == "") == (not text.strip())


@given(st.text())
def test_case_and_outer_blanks_do_not_matter(text: str) -> None:
    assert fold(f" {text.casefold()}  ") == fold(text)


@given(st.text(alphabet="Az ,:()Thel'.a.k-–19é"))
@example("A (B (C) (1990)")
@example("A, The (), The (1990)")
def test_any_raw_title_yields_a_name(raw: str) -> None:
    title = parse_title(raw)
    assert bool(title.name) == bool(raw.strip())
    assert all(title.aliases)
    assert title.name not in title.aliases


@given(
    st.from_regex(r"[A-Z][a-z]{1,8}( [A-Z][a-z]{1,8}){0,3}", fullmatch=True),
    st.integers(1888, 2030),
)
def test_a_natural_title_passes_unchanged(name: str, year: int) -> None:
    assert parse_title(f"{name} ({year})") == Title(name, year, ())
    assert parse_title(name) == Title(name, None, ())
