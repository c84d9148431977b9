"""Movie titles: MovieLens' raw ones brought to natural order, and folding for comparison."""

import re
import unicodedata
from dataclasses import dataclass

_YEAR = re.compile(r"\s*\((\d{4})(?:\s*[-–—]\s*(?:\d{4})?)?\)\)?$")
_AKA = re.compile(r"^a\.?k\.?a\.?:?\s+", re.IGNORECASE)
# Brackets that end a title and yet are no other name for it.
_QUALIFIER = re.compile(r"(?:parts?\s|tv movie$|live in\s|\d{4}\s*[-–])", re.IGNORECASE)
_UNFINISHED = re.compile(r"(?:\b(?:or|and)|[:&–-])$", re.IGNORECASE)

_ARTICLE = (
    r"The|An?|La|Les?|Los?|Las|L['’]|Il|I|Gli|El|Un|Una|Une|Uma?|Os?|As|"
    r"Das|De[rnt]?|Die|Eine?|En|Ett|Het|Da"
)
_ARTICLE_LAST = re.compile(rf"^(.+),\s*({_ARTICLE}|the)$")
_ARTICLE_INSIDE = re.compile(rf"^([^:]+?), ({_ARTICLE})(:| -) ")


@dataclass(frozen=True)
class Title:
    """A title in natural word order, the year of release and the other names it goes by."""

    name: str
    year: int | None
    aliases: tuple[str, ...]


def parse_title(raw: str) -> Title:
    """Take a raw MovieLens title apart; a title that is natural already passes unchanged.

    ``"City of Lost Children, The (Cité des enfants perdus, La) (1995)"`` becomes the name
    ``"The City of Lost Children"``, the year 1995 and the alias ``"La Cité des enfants perdus"``.
    Only brackets at the end, set off by a space, count as other names: those of
    ``"(500) Days of Summer"`` and ``"Best F(r)iends"`` belong to the name.
    """
    text = " ".join(raw.split())
    text, year = _take_year(text)
    aliases: list[str] = []
    while (split := _split_last_bracket(text)) is not None:
        text, inside = split
        if year is None and re.fullmatch(r"\d{4}", inside):
            year = int(inside)
        else:
            aliases.append(_article_first(_AKA.sub("", inside)))
    name = _article_first(text)
    others = tuple(alias for alias in dict.fromkeys(reversed(aliases)) if alias != name)
    return Title(name, year, others)


def _take_year(text: str) -> tuple[str, int | None]:
    found = _YEAR.search(text)
    if found is None or found.start() == 0:
        return text, None
    return text[: found.start()], int(found[1])


def _split_last_bracket(text: str) -> tuple[str, str] | None:
    """Text before a closing bracket group and what is in it, or None where the name goes on."""
    if not text.endswith(")"):
        return None
    depth, start = 1, len(text) - 1
    while depth and start:
        start -= 1
        depth += (text[start] == ")") - (text[start] == "(")
    before, inside = text[:start].rstrip(), text[start + 1 : -1].strip()
    if depth or not before or not inside or text[start - 1] != " ":
        return None
    if _QUALIFIER.match(inside) or _UNFINISHED.search(before):
        return None
    return before, inside


def _article_first(text: str) -> str:
    """``"Dirty Dozen, The: The Fatal Mission"`` to ``"The Dirty Dozen: The Fatal Mission"``."""
    found = _ARTICLE_LAST.match(text)
    if found is not None and found[1].split(",")[0] != found[2]:  # "Die, Mommie, Die"
        return _join_article(found[2], found[1])
    if (found := _ARTICLE_INSIDE.match(text)) is not None:
        return _join_article(found[2], found[1]) + text[found.start(3) :]
    return text


def _join_article(article: str, rest: str) -> str:
    return article + rest if article[-1] in "'’" else f"{article} {rest}"


# --- folding ----------------------------------------------------------------------------------

_APOSTROPHES = "'`´‘’‚‛ʹʻʼʽˈ′＇"
_ACRONYM = re.compile(r"\b([^\W\d_])\.(?=[^\W\d_]\b)")

_ASCII: dict[int, str | None] = {
    **{code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)},
    **{ord("&"): " and ", ord("'"): None, ord("`"): None},
}

# What Unicode decomposition leaves alone, or would glue to its neighbour (Alien³, 8½).
_LETTERS: dict[int, str | None] = {
    **{ord(letter): plain for letter, plain in zip("øđðłıħŧ", "oddliht", strict=True)},
    **{ord("æ"): "ae", ord("œ"): "oe", ord("þ"): "th"},
    **{ord(digit): f" {unicodedata.digit(digit)}" for digit in "⁰¹²³⁴⁵⁶⁷⁸⁹"},
    **{ord(part): " " + unicodedata.normalize("NFKD", part) for part in "¼½¾⅓⅔"},
    **dict.fromkeys(map(ord, _APOSTROPHES + "\ufe0f")),  # and the mark that makes an emoji
}


def fold(text: str) -> str:
    """Bring a text to the form in which titles are compared: small letters and digits, no accents.

    Apostrophes vanish, "&" is "and", initials close up (``"E.T."`` is ``"et"``), every other sign
    parts words. Folding twice changes nothing. A text of nothing but signs folds to these signs,
    and only blank text folds to ``""``.
    """
    folded = _close_initials(text).translate(_ASCII) if text.isascii() else _fold_unicode(text)
    return " ".join(folded.split()) or _signs(text)


def _fold_unicode(text: str) -> str:
    for _ in range(2):  # decomposing can bring forth capitals, and lowering what decomposes
        text = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    text = "".join(char for char in text if not unicodedata.combining(char))
    return "".join(map(_plain, _close_initials(text)))


def _plain(char: str) -> str:
    if char.isascii():
        return _ASCII[ord(char)] or ""
    return char if unicodedata.category(char)[0] in "LNM" else " "


def _close_initials(text: str) -> str:
    return _ACRONYM.sub(r"\1", text) if "." in text else text


def _signs(text: str) -> str:
    # Half a surrogate pair is no text: nothing that encodes may meet it later.
    text = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
