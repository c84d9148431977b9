"""Files that nobody should send are refused in words, soon and within little memory."""

import io
import json
import random
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable

import pytest

from bot.errors import UserError
from bot.imports.archive import MAX_BYTES
from bot.imports.movie_matching import MovieIndex
from bot.imports.reader import read_history
from tests.bot.imports import samples
from tests.bot.imports.conftest import Read
from tests.bot.imports.samples import ALIEN, zipped
from tests.timing import within

MEGABYTE = 2**20
SOON = 150  # times the yardstick, which is some seconds
HEADER = "Date,Name,Year,Letterboxd URI,Rating\n"
ROW = "2024-01-01,Alien,1979,https://boxd.it/2awY,4.5\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"


def locked_zip() -> bytes:
    """A zip whose entry says that it is encrypted."""
    data = bytearray(zipped({"ratings.csv": samples.LETTERBOXD_RATINGS}))
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + at] |= 1
    return bytes(data)


def lying_zip(size: int) -> bytes:
    """A zip bomb whose headers declare ``size`` bytes."""
    data = bytearray(zipped({"ratings.csv": b"0" * 20 * MEGABYTE}))
    for signature, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", data, data.index(signature) + at, size)
    return bytes(data)


def odd_zip(method: int) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        archive.writestr("ratings.csv", samples.LETTERBOXD_RATINGS)
    return content.getvalue()


def many_rows(n: int) -> str:
    return HEADER + "".join(f"2024-01-01,Film {i},1979,https://boxd.it/{i:x},4\n" for i in range(n))


def noise(size: int) -> bytes:
    return random.Random(1).randbytes(size)


Content = bytes | str

# What is large is made when it is wanted.
HOSTILE: dict[str, tuple[Content | Callable[[], Content], str]] = {
    "empty": (b"", "is empty"),
    "blank": (b"\n \r\n\t", "is empty"),
    "bom": (b"\xef\xbb\xbf", "no list of ratings"),
    "only zeros": (bytes(1_000), "is empty"),
    "only a header": (HEADER, "not one row"),
    "too large": (lambda: HEADER.encode() + b"x" * MAX_BYTES, "10.0 MB, and 10 MB is the most"),
    "too many rows": (lambda: HEADER + ROW * 50_001, "more than 50,000 rows"),
    "endless line": (lambda: b"x" * MAX_BYTES, "Line 1 has more than"),
    "endless row": (lambda: HEADER.encode() + b"," * (MAX_BYTES - 100), "Line 2 has more than"),
    "endless cell": (lambda: HEADER + '2024-01-01,"' + "Alien\n" * 50_000, "at line 2"),
    "open quote": (HEADER + ROW + '2024-01-01,"Alien,1979,,4\n' + ROW, "at line 3"),
    "many columns": ("a," * 1_000 + "\n", "1,001 columns"),
    "line feeds": (lambda: b"\n" * (MAX_BYTES - 1) + b"x", "more than 1,000,000 lines"),
    "latin 1": ((HEADER + ",Amélie,2001,,4").encode("latin-1"), "byte 41 belongs to no letter"),
    "zero bytes": (HEADER + "2024-01-01,Al\0ien,1979,,4\n", "zero bytes"),
    "utf-16 without its mark": (HEADER.encode("utf-16-le"), "zero bytes"),
    "utf-32": (HEADER.encode("utf-32"), "zero bytes"),
    "half of utf-16": (HEADER.encode("utf-16")[:-1], "begins as UTF-16"),
    "picture": (PNG, "zero bytes"),
    "noise": (lambda: noise(100_000), "not a text"),
    "gzip": (b"\x1f\x8b\x08\x00" + noise(50), "only zip"),
    "seven zip": (b"7z\xbc\xaf\x27\x1c" + noise(50), "only zip"),
    "web page": ("<!DOCTYPE html><html>Date,Name,Rating</html>", "a web page"),
    "unknown columns": ("Song,Artist,Rating\nAlien,Me,5\n", "columns “song, artist, rating”"),
    "prose": ("Alien was great, I loved it!\n", "no list of ratings"),
    "a column twice": (
        "Name,Year,Letterboxd URI,Rating,rating\nAlien,1979,,4,5\n",
        "two columns “rating”",
    ),
    "json of something else": ('{"movies": 3}', "no list of ratings of films"),
    "json of films without ratings": ('[{"movie": {"title": "Alien"}}]', "no list of ratings"),
    "broken json": ('[{"movie": {"title": "Alien"', "breaks off at line 1"),
    "deep json": (lambda: '[{"movie": ' + "[" * 100_000, "nested deeper"),
    "wide json": (lambda: '["movie"' + ",[]" * 1_000_000 + "]", "more JSON"),
    "long json": (lambda: '["movie"' + ",1" * 4_000_000 + "]", "more JSON"),
    "huge number": (lambda: '[{"movie": {"year": ' + "9" * 100_000 + "}}]", "breaks off"),
    "too many ratings": (
        lambda: json.dumps([{"rating": 7, "movie": {"title": "Alien", "year": 1979}}] * 50_001),
        "more than 50,000 ratings",
    ),
    "empty zip": (zipped({}), "zip is empty"),
    "zip of a folder": (zipped({"folder/": ""}), "zip is empty"),
    "zip of nothing known": (zipped({"photo.png": PNG, "a.txt": "Hi"}), "that I know: a.txt"),
    "zip with an empty list": (zipped({"ratings.csv": HEADER}), "not one row"),
    "broken zip": (lambda: zipped(samples.LETTERBOXD_ZIP)[:-30], "damaged"),
    "zip with a wrong checksum": (
        zipped({"ratings.csv": HEADER}).replace(
            struct.pack("<I", zlib.crc32(HEADER.encode())), b"0000"
        ),
        "damaged",
    ),
    "locked zip": (locked_zip, "locked with a password: “ratings.csv”"),
    "bzip2 in a zip": (odd_zip(zipfile.ZIP_BZIP2), "in a way that I do not unpack"),
    "lzma in a zip": (odd_zip(zipfile.ZIP_LZMA), "in a way that I do not unpack"),
    "nested zip": (zipped({"more": zipped({"ratings.csv": HEADER + ROW})}), "another archive"),
    "nested gzip": (zipped({"more.csv": b"\x1f\x8b\x08\x00" + noise(50)}), "another archive"),
    "spreadsheet": (zipped({"[Content_Types].xml": "<x/>", "xl/a.xml": ""}), "save it as CSV"),
    "zip bomb": (lambda: zipped({"ratings.csv": b"0" * 100 * MEGABYTE}), "more than 100 times"),
    "zip bomb of many": (
        lambda: zipped({f"{i}.csv": b"0" * (MEGABYTE // 4) for i in range(900)}),
        "more than 50 MB",
    ),
    "lying zip bomb": (lambda: lying_zip(100_000), "damaged"),
    "zip of many files": (
        lambda: zipped({f"{i}.csv": HEADER for i in range(1_001)}),
        "1,000 files",
    ),
    "zip of a large file": (
        lambda: zipped({"ratings.csv": noise(6 * MEGABYTE).hex()})[:MAX_BYTES],
        "more than 10 MB",
    ),
    "zip of too many rows": (
        lambda: zipped({"a.csv": many_rows(30_000), "b.csv": many_rows(30_000)}),
        "more than 50,000 rows",
    ),
}


def hostile(kind: str) -> Content:
    content, _ = HOSTILE[kind]
    return content() if callable(content) else content


@pytest.mark.parametrize("beginning", [b"", b"\0\0\0\0", b"\xff\xfe"])
def test_a_zip_whose_beginning_is_broken_is_said_to_be_damaged(
    films: MovieIndex, beginning: bytes
) -> None:
    data = beginning + zipped(samples.LETTERBOXD_ZIP)[4:]
    for broken in (data, b"PK, and no archive"):
        with pytest.raises(UserError, match="The zip is damaged"):
            read_history("letterboxd.ZIP", broken, films)


def test_rows_that_may_mean_several_films_take_no_longer_than_others(films: MovieIndex) -> None:
    names = ("Cinderella", "Hamlet", "Les Misérables", "Blackout")
    rows = "".join(f"2024-01-01,{names[n % 4]},,https://boxd.it/{n:x},4\n" for n in range(50_000))
    with within(60):  # times the yardstick, which is two seconds; each is told of
        history = read_history("", (HEADER + rows).encode(), films)
    assert len(history.ambiguous) == 50_000


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_files_are_refused_in_words_soon(read: Read, kind: str) -> None:
    content, said = hostile(kind), HOSTILE[kind][1]

    with within(SOON), pytest.raises(UserError) as refusal:
        read(content)

    assert said in str(refusal.value)
    assert "Please send the file just as you got it" in str(refusal.value)
    assert len(str(refusal.value)) < 400
    assert str(refusal.value).isprintable()


@pytest.mark.parametrize(
    "kind",
    [
        *("zip bomb", "zip bomb of many", "lying zip bomb", "zip of many files", "wide json"),
        *("long json", "endless line", "endless row", "endless cell", "line feeds"),
    ],
)
def test_hostile_files_take_little_memory(films: MovieIndex, kind: str) -> None:
    content = hostile(kind)
    data = content.encode() if isinstance(content, str) else content
    tracemalloc.start()
    try:
        with pytest.raises(UserError):
            read_history("", data, films)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 120 * MEGABYTE


def test_paths_in_a_zip_lead_nowhere(read: Read) -> None:
    history = read(zipped({"../../../../etc/passwd": HEADER + ROW, "C:\\x\\y.csv": HEADER + ROW}))

    assert history.stars == {ALIEN: 4.5}


def test_formulas_and_control_characters_are_only_text(read: Read) -> None:
    title = '=HYPERLINK("http://evil","\x1b[31mred\u202e")'

    history = read(HEADER + '2024-01-01,"' + title.replace('"', '""') + '",1979,,4.5\n')

    (left,) = history.not_found
    assert left.title.isprintable()
    assert left.title.startswith("=HYPERLINK")


def test_huge_numbers_are_no_years_ids_or_times(read: Read) -> None:
    huge = "9" * 400
    history = read(f"userId,movieId,rating,timestamp\n1,{huge},4,{huge}\n1,1214,4.5,{huge}\n")

    assert (history.stars, history.rated_at) == ({ALIEN: 4.5}, {})
    assert len(history.invalid) == 1


def test_half_a_character_in_json_can_be_written_again(read: Read) -> None:
    history = read('[{"rating": 7, "movie": {"title": "a\\ud800\\u0000b", "year": 1979}}]')

    assert [left.title.encode() for left in history.not_found] == [b"a b"]


def test_many_namesakes_take_no_longer(read: Read) -> None:
    content = HEADER + "2024-01-01,Home,2008,,4\n2024-01-01,Alone,2020,,4\n" * 25_000

    with within(SOON):
        history = read(content)

    assert len(history.ambiguous) == 50_000


def test_the_bound_on_rows_is_the_last_that_is_read(read: Read) -> None:
    assert read(HEADER + ROW * 50_000).n_rows == 50_000
