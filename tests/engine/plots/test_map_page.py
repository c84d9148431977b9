"""The page of the atlas in a browser: people find films on it, and it moves smoothly."""

import asyncio
import io
import json
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from PIL import Image

from engine import TasteModel
from engine.plots.map_html import render_map_page
from engine.titles.parse import fold
from tests.engine.people import STUDY
from tests.engine.plots.chromium import INSTALLED, Tab, new_tab
from tests.engine.plots.map_pages import HOSTILE, with_hostile_names

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(INSTALLED is None, reason="Chromium is not installed"),
    pytest.mark.asyncio(loop_scope="module"),
]

DESKTOP, PHONE = (1280, 800), (390, 844)
# Frames per second while STEP is done for each of them.
RATE = """new Promise((done) => {
  let frames = 0, start;
  const frame = (now) => {
    start ??= now;
    if (now - start >= 1500) return done((1000 * frames) / (now - start));
    frames += 1;
    STEP;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
})"""
PAN = "atlas.steer((camera) => camera.panBy(frames % 80 < 40 ? 9 : -9, frames % 40 < 20 ? 4 : -4))"
ZOOM = "atlas.zoomBy(frames % 120 < 60 ? 1.03 : 1 / 1.03)"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Tab]:
    async with new_tab() as tab:
        yield tab


@pytest.fixture(scope="module")
def pages(model: TasteModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the pages ``world``, ``own`` and ``hostile``."""
    folder = tmp_path_factory.mktemp("pages")
    Path(folder, "world.html").write_text(render_map_page(model), "utf-8")
    Path(folder, "own.html").write_text(render_map_page(model, model.fit(STUDY)), "utf-8")
    Path(folder, "hostile.html").write_text(render_map_page(with_hostile_names(model)), "utf-8")
    return folder


@pytest_asyncio.fixture(loop_scope="module")
async def tab(browser: Tab, pages: Path) -> AsyncIterator[Tab]:
    """The page of somebody who rated films, on a desktop; nothing may complain or be fetched."""
    await show(browser, pages / "own.html")
    yield browser
    assert browser.complaints == []
    assert browser.requests == [(pages / "own.html").as_uri()]


async def show(tab: Tab, page: Path, size: tuple[int, int] = DESKTOP) -> None:
    tab.complaints.clear()
    tab.requests.clear()
    await tab.resize(*size, phone=size == PHONE)
    await tab.open(page.as_uri())
    await tab.until("atlas.drawn.length > 0 && !atlas.awaited")


async def film_called(tab: Tab, name: str, year: int) -> int:
    films = "atlas.films"
    return await tab.run(
        f"{films}.name.findIndex((name, film) => "
        f"name === {json.dumps(name)} && {films}.year[film] === {year})"
    )


async def spot(tab: Tab, film: int) -> tuple[float, float]:
    """Where a film is in the window."""
    x, y, left, top = await tab.run(
        f"[...atlas.camera.toScreen(atlas.films.x[{film}], atlas.films.y[{film}]), "
        "atlas.canvas.getBoundingClientRect().left, atlas.canvas.getBoundingClientRect().top]"
    )
    return x + left, y + top


async def middle(tab: Tab) -> tuple[float, float]:
    box = "atlas.canvas.getBoundingClientRect()"
    x, y = await tab.run(
        f"[{box}.left + {box}.width / 2, {box}.top + {box}.height / 2]",
    )
    return x, y


async def look(tab: Tab, film: int, zoom: float) -> None:
    at = f"atlas.films.x[{film}], atlas.films.y[{film}], {zoom}"
    await tab.run(f"atlas.steer((camera) => camera.look({at}))")
    await still(tab)


async def still(tab: Tab) -> None:
    """Wait until nothing moves or fades any more."""
    await tab.until("!atlas.way && !atlas.awaited")


async def card(tab: Tab) -> str | None:
    return await tab.run(
        "document.getElementById('card').hidden ? null : atlas.card.element.innerText"
    )


async def view(tab: Tab) -> tuple[float, float, float]:
    x, y, zoom = await tab.run("[atlas.camera.x, atlas.camera.y, atlas.camera.zoom]")
    return x, y, zoom


# It opens.


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
@pytest.mark.parametrize("page", ["world", "own"])
async def test_it_opens_without_a_complaint_and_fits(
    browser: Tab, pages: Path, page: str, size: tuple[int, int]
) -> None:
    await show(browser, pages / f"{page}.html", size)
    assert browser.complaints == []
    assert browser.requests == [(pages / f"{page}.html").as_uri()]
    wide = await browser.run(
        "[...document.querySelectorAll('body *')].filter((element) => "
        "!element.closest('dialog, .unseen') && element.getBoundingClientRect().right > innerWidth)"
        ".map((element) => element.outerHTML)"
    )
    assert wide == []
    assert await browser.run("document.documentElement.scrollHeight <= innerHeight")
    assert await browser.run("document.getElementById('you').hidden") == (page == "world")


async def test_it_cannot_reach_a_network(browser: Tab, pages: Path) -> None:
    await show(browser, pages / "own.html")
    outcome = await browser.run(
        "new Promise((done) => {"
        "  document.addEventListener('securitypolicyviolation', (e) => done(e.effectiveDirective));"
        "  fetch('http://127.0.0.1:9/').then(() => done('reached'), () => {});"
        "})"
    )
    assert outcome == "connect-src"


# Finding films.


async def test_typed_letters_find_alien_and_enter_flies_to_it(tab: Tab) -> None:
    await tab.press("/")
    await tab.write("alien")
    found = await tab.run(
        "[...document.querySelectorAll('#found li')].map((item) => item.innerText.trim())"
    )
    assert found[0].split("\n") == ["Alien", "1979"]
    assert found[1].startswith("Aliens")
    await tab.press("Enter")
    await still(tab)
    alien = await film_called(tab, "Alien", 1979)
    assert await spot(tab, alien) == pytest.approx(await middle(tab), abs=2)
    assert (await view(tab))[2] > 10
    shown = await card(tab)
    assert shown is not None
    assert shown.startswith("Alien (1979)\nHorror · Sci-Fi\n46,572 ratings\nYou: ★★★★★")
    link = "document.querySelector('#card a').href"
    assert await tab.run(link) == "https://www.imdb.com/title/tt0078748/"
    assert "Alien (1979): Horror, Sci-Fi" in await tab.run("atlas.said.textContent")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("amelie", "Amelie"),
        ("AMÉLIE", "Amelie"),
        ("matrix", "The Matrix"),
        ("the matrix", "The Matrix"),
        ("alien3", "Alien³"),
        ("wall-e", "WALL·E"),
        ("schindler's list", "Schindler's List"),
        ("schindlers", "Schindler's List"),
        ("solaris 2002", "Solaris"),
        ("lost ark", "Raiders of the Lost Ark"),
        ("rings fellowship", "The Lord of the Rings: The Fellowship of the Ring"),
    ],
)
async def test_films_are_found_by_what_people_type(tab: Tab, typed: str, expected: str) -> None:
    await tab.run(f"document.getElementById('query').value = {json.dumps(typed)}")
    await tab.run("document.getElementById('query').focus()")
    await tab.run("document.getElementById('query').dispatchEvent(new Event('input'))")
    film = int(await tab.run("document.querySelector('#found li').dataset.film"))
    name, year = await tab.run(f"[atlas.films.name[{film}], atlas.films.year[{film}]]")
    assert fold(name) == fold(expected)
    assert not typed[-4:].isdecimal() or year == int(typed[-4:])


async def test_the_list_is_walked_by_arrows_and_left_by_escape(tab: Tab) -> None:
    await tab.press("/")
    await tab.write("alien")
    await tab.press("ArrowDown")
    query = "document.getElementById('query')"
    assert await tab.run(f"{query}.getAttribute('aria-activedescendant')") == "found-1"
    await tab.press("Escape")
    assert await tab.run("document.getElementById('found').hidden")
    assert await tab.run("document.activeElement === atlas.canvas")


async def test_what_is_not_there_is_said(tab: Tab) -> None:
    await tab.press("/")
    await tab.write("qqqxyz")
    assert "No film" in await tab.run("document.getElementById('found').innerText")
    await tab.press("Enter")
    assert await card(tab) is None


async def test_names_are_folded_as_the_bot_folds_them(tab: Tab) -> None:
    names = await tab.run("[...atlas.films.name, ...Object.values(atlas.films.aliases).flat()]")
    folded = await tab.run(
        "[...atlas.films.name, ...Object.values(atlas.films.aliases).flat()].map(atlas.fold)"
    )
    assert len(names) > 15_000
    assert folded == [fold(name) for name in names]


# Looking at films.


async def test_a_film_under_the_pointer_tells_its_name(tab: Tab) -> None:
    film = await film_called(tab, "Toy Story", 1995)
    await look(tab, film, 40)
    await tab.mouse("Moved", *await spot(tab, film))
    await tab.until("!document.getElementById('card').hidden")
    shown = await card(tab)
    assert shown is not None
    title, genres, ratings = shown.split("\n")
    assert title == "Toy Story (1995)"
    assert genres == "Adventure · Animation · Children · Comedy · Fantasy"
    assert ratings.endswith(" ratings")
    await tab.mouse("Moved", 2, 2)
    await tab.until("document.getElementById('card').hidden")


async def test_a_click_holds_the_card_until_escape(tab: Tab) -> None:
    film = await film_called(tab, "Toy Story", 1995)
    await look(tab, film, 40)
    x, y = await spot(tab, film)
    for kind in ("Pressed", "Released"):
        await tab.mouse(kind, x, y, button="left", clickCount=1)
    await tab.mouse("Moved", x + 100, y + 100)
    assert "See it at IMDb" in (await card(tab) or "")
    await tab.press("Escape")
    assert await card(tab) is None


async def test_a_tap_holds_the_card_and_two_fingers_zoom(browser: Tab, pages: Path) -> None:
    await show(browser, pages / "own.html", PHONE)
    film = await film_called(browser, "Toy Story", 1995)
    await look(browser, film, 20)
    x, y = await spot(browser, film)
    await browser.fingers("Start", (x, y))
    await browser.fingers("End")
    await browser.until("atlas.card.held")
    assert (await card(browser) or "").startswith("Toy Story (1995)")
    await browser.fingers("Start", (x - 40, y), (x + 40, y))
    for apart in range(44, 84, 4):
        await browser.fingers("Move", (x - apart, y), (x + apart, y))
    await browser.fingers("End")
    await still(browser)
    assert (await view(browser))[2] == pytest.approx(40, rel=0.02)
    assert await spot(browser, film) == pytest.approx((x, y), abs=1)
    assert browser.complaints == []


async def test_the_wheel_zooms_about_the_pointer_and_dragging_moves(tab: Tab) -> None:
    film = await film_called(tab, "Toy Story", 1995)
    x, y = await spot(tab, film)
    before = (await view(tab))[2]
    await tab.mouse("Wheel", x, y, deltaX=0, deltaY=-400)
    await tab.until(f"atlas.camera.zoom > {before * 2}")
    assert await spot(tab, film) == pytest.approx((x, y), abs=1)
    await tab.mouse("Pressed", x, y, button="left", clickCount=1)
    for step in range(1, 11):
        await tab.mouse("Moved", x - 12 * step, y - 8 * step, button="left", buttons=1)
    await tab.mouse("Released", x - 120, y - 80, button="left", clickCount=1)
    await still(tab)
    moved_x, moved_y = await spot(tab, film)
    assert (moved_x, moved_y) == pytest.approx((x - 120, y - 80), abs=12)


async def test_keys_move_zoom_and_tell(tab: Tab) -> None:
    await tab.run("atlas.canvas.focus()")
    start = await view(tab)
    await tab.press("+")
    assert (await view(tab))[2] == pytest.approx(1.5)
    await tab.press("ArrowRight")
    await tab.press("ArrowDown")
    x, y, _ = await view(tab)
    assert x > start[0]
    assert y > start[1]
    await tab.press("Enter")
    assert await tab.run("atlas.card.held")
    assert " ratings" in await tab.run("atlas.said.textContent")
    await tab.press("Escape")
    await tab.press("0")
    await still(tab)
    assert await view(tab) == pytest.approx(start)
    await tab.press("y")
    await still(tab)
    place = await tab.run("atlas.ratings.you.place")
    assert (await view(tab))[:2] == pytest.approx(place, abs=1e-6)
    await tab.press("?")
    assert await tab.run("document.getElementById('about').open")
    await tab.press("+")
    assert (await view(tab))[2] == pytest.approx(4)


async def test_a_group_can_be_shown_alone(tab: Tab) -> None:
    await tab.run("document.querySelectorAll('#groups button')[2].click()")
    await still(tab)
    groups = await tab.run(
        "atlas.drawn.filter(({ key }) => typeof key === 'number' && !atlas.ratings.of.has(key))"
        ".map(({ key }) => atlas.films.group[key])"
    )
    assert len(groups) > 5
    assert set(groups) == {2}
    pressed = "document.querySelectorAll('#groups button[aria-pressed=true]').length"
    assert await tab.run(pressed) == 1
    await tab.run("document.querySelectorAll('#groups button')[2].click()")
    assert await tab.run(pressed) == 0


async def test_who_wants_less_motion_is_there_at_once(tab: Tab) -> None:
    reduce = {"name": "prefers-reduced-motion", "value": "reduce"}
    await tab.call("Emulation.setEmulatedMedia", features=[reduce])
    try:
        film = await film_called(tab, "Alien", 1979)
        await tab.run(f"atlas.showFilm({film})")
        assert await tab.run("atlas.way") is None
        assert await spot(tab, film) == pytest.approx(await middle(tab), abs=2)
    finally:
        await tab.call("Emulation.setEmulatedMedia", features=[])


# Labels, ratings and names.


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
@pytest.mark.parametrize("zoom", [1, 4, 20])
async def test_labels_do_not_touch_and_tell_more_the_closer_one_looks(
    browser: Tab, pages: Path, size: tuple[int, int], zoom: float
) -> None:
    await show(browser, pages / "own.html", size)
    await look(browser, await film_called(browser, "Alien", 1979), zoom)
    labels = await browser.run(
        "atlas.drawn.filter(({ box }) => "
        "box.x1 > 0 && box.y1 > 0 && box.x0 < atlas.camera.width && box.y0 < atlas.camera.height)"
    )
    assert 12 <= len(labels) <= 110
    boxes = [(label["text"], label["box"]) for label in labels]
    for i, (one, a) in enumerate(boxes):
        for other, b in boxes[:i]:
            apart_x = a["x1"] < b["x0"] or b["x1"] < a["x0"]
            assert apart_x or a["y1"] < b["y0"] or b["y1"] < a["y0"], (one, other)
    films = [label["key"] for label in labels if isinstance(label["key"], int)]
    rated = await browser.run("[...atlas.ratings.of.keys()]")
    unrated = set(films) - set(rated)
    assert max(unrated) < 800 * zoom**2
    assert zoom == 1 or max(unrated) > 800


async def test_ratings_are_stars_in_the_colour_of_their_liking(tab: Tab) -> None:
    assert await tab.run("atlas.ratings.of.size") >= 9
    assert "You" in await tab.run("atlas.drawn.map(({ text }) => text)")
    colours = [channels(colour) for colour in await tab.run("atlas.ratings.colours")]
    for name, year, expected in (("Alien", 1979, 2), ("Kubo and the Two Strings", 2016, 1)):
        await look(tab, await film_called(tab, name, year), 30)
        picture = Image.open(io.BytesIO(await tab.picture())).convert("RGB")
        x, y = await middle(tab)
        drawn = picture.getpixel((round(x), round(y)))
        away = [sum(abs(a - b) for a, b in zip(drawn, one, strict=True)) for one in colours]
        assert away.index(min(away)) == expected


def channels(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour.removeprefix("#")))


async def test_hostile_names_are_shown_as_they_are(browser: Tab, pages: Path) -> None:
    await show(browser, pages / "hostile.html")
    elements = await browser.run("document.querySelectorAll('*').length")
    for film, name in enumerate(HOSTILE):
        await browser.run(f"atlas.hold({film})")
        shown = " ".join(name.split())
        title = await browser.run("document.querySelector('#card strong').textContent")
        assert title.encode("utf-8", "replace").startswith(shown.encode("utf-8", "replace"))
    await browser.run("atlas.hold(null)")
    await browser.press("/")
    await browser.write("script")
    assert await browser.run("document.querySelectorAll('#found li').length") > 0
    tags = await browser.run(
        "[...new Set([...document.querySelectorAll('#card *, #found *')].map((e) => e.tagName))]"
    )
    assert set(tags) <= {"STRONG", "SMALL", "SPAN", "A", "LI"}
    assert await browser.run("window.broken") is None
    assert await browser.run("document.querySelectorAll('script').length") == 2
    assert elements > 50
    assert browser.complaints == []


# It moves.


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
async def test_panning_and_zooming_all_films_keeps_half_of_an_idle_pages_frames(
    browser: Tab, pages: Path, size: tuple[int, int]
) -> None:
    """Drawn without a graphics card. The best of some tries: cores are shared."""
    await show(browser, pages / "own.html", size)
    idle = await browser.run(RATE.replace("STEP;", ""))
    rates = {}
    for name, step in (("pan", PAN), ("zoom", ZOOM)):
        rates[name] = 0.0
        for _ in range(5):
            await browser.run("atlas.steer((camera) => camera.look(0.5, 0.5, 1))")
            rates[name] = max(rates[name], await browser.run(RATE.replace("STEP", step)))
            if rates[name] >= 0.5 * idle:
                break
            await asyncio.sleep(1)
    said = ", ".join(f"{name} {rate:.0f}" for name, rate in rates.items())
    load = os.getloadavg()[0]
    print(f"\n{size[0]} × {size[1]}: {said} frames a second, idle {idle:.0f}, load {load:.1f}")
    assert min(rates.values()) >= 0.5 * idle, f"{said} of {idle:.0f}, load {load:.1f}"
