"""What the pages show, by their structure: how they look only a person can tell."""

import io
import time
from html.parser import HTMLParser

import discord
import pytest
from discord import ui
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.discord_server.component_limits import shown_components
from tests.discord_server.world import ANN, BOB, BOT, Json, User
from tools.discord_page import MissingUploadError, Shown, UnknownComponentError, Used, page
from tools.discord_page.components import DRAWINGS
from tools.discord_page.markdown import blocks

VOID = {"meta", "img"}
EPHEMERAL = 1 << 6
MARKS = st.text(alphabet="ab \n*_~|`>#-1.()[]\\<@!:/&\"'", max_size=60)


class Elements(HTMLParser):
    """What a page consists of: (tag, class, text inside) of each element, which must nest."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str, str]] = []
        self.sources: list[str] = []
        self._open: list[tuple[str, str, list[str]]] = []
        self.feed(html)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.sources += [str(given["src"])] if "src" in given else []
        if tag in VOID:
            self.found.append((tag, given.get("class") or "", ""))
        else:
            self._open.append((tag, given.get("class") or "", []))

    def handle_data(self, data: str) -> None:
        for _, _, text in self._open:
            text.append(data)

    def handle_endtag(self, tag: str) -> None:
        opened, css, text = self._open.pop()
        assert opened == tag
        self.found.append((tag, css, "".join(text)))

    @property
    def tags(self) -> set[str]:
        return {tag for tag, _, _ in self.found}

    def texts(self, css: str) -> list[str]:
        return [text for _, classes, text in self.found if css in classes.split()]


def message(author: User, **parts: object) -> Json:
    return {"author": author.payload(), "content": "", "flags": 0, **parts}


def drawn(*messages: Shown | Json) -> Elements:
    return Elements(page([m if isinstance(m, Shown) else Shown(m) for m in messages]))


def picture(mode: str = "RGB") -> bytes:
    file = io.BytesIO()
    Image.new(mode, (4, 3)).save(file, "PNG")
    return file.getvalue()


def layout() -> list[Json]:
    """One of everything, as discord.py words it."""
    card: ui.Container[ui.LayoutView] = ui.Container(accent_colour=0x5865F2)
    card.add_item(ui.TextDisplay("## For you\n-# from 12 ratings"))
    card.add_item(ui.Section("**Alien**", accessory=ui.Thumbnail("attachment://map.png")))
    card.add_item(ui.Section("Aliens", accessory=ui.Button(label="Seen it", emoji="👀")))
    card.add_item(ui.Separator())
    card.add_item(ui.MediaGallery(discord.MediaGalleryItem("attachment://map.png")))
    card.add_item(ui.File("attachment://ratings.csv"))
    menu: ui.Select[ui.LayoutView] = ui.Select(placeholder="Why this film?")
    menu.add_option(label="Alien")
    site: ui.Button[ui.LayoutView] = ui.Button(label="Site", url="https://movielens.org")
    more: ui.Button[ui.LayoutView] = ui.Button(label="More", disabled=True)
    card.add_item(ui.ActionRow(menu))
    card.add_item(ui.ActionRow(site, more))
    view = ui.LayoutView()
    view.add_item(card)
    return view.to_components()


FILES = {"map.png": picture(), "ratings.csv": b"1,2,3"}


async def test_every_component_that_layouts_may_hold_is_drawn():
    components = layout()
    assert {item["type"] for item in shown_components(components)} == DRAWINGS.keys()
    shown = drawn(Shown(message(BOT, components=components), FILES))
    assert shown.texts("accent")
    assert shown.texts("display") == ["For youfrom 12 ratings", "Alien", "Aliens"]
    assert shown.texts("accessory") == ["", "👀Seen it"]
    assert shown.texts("thumbnail") == shown.texts("line") == shown.texts("gallery") == [""]
    assert shown.texts("placeholder") == ["Why this film?"]
    assert shown.texts("button") == ["👀Seen it", "Site", "More"]
    assert shown.texts("link") == ["Site"]
    assert shown.texts("disabled") == ["More"]
    assert shown.texts("file") == ["ratings.csv0.01 KB"]


async def test_pictures_are_in_the_page_and_nothing_else_is_loaded():
    html = page([Shown(message(BOT, components=layout()), FILES)], channel="films")
    sources = Elements(html).sources
    assert len(sources) == 2
    assert all(source.startswith("data:image/png;base64,") for source in sources)
    assert "default-src 'none'" in html
    assert not {"script", "link", "iframe"} & Elements(html).tags
    assert "url(" not in html


@pytest.mark.parametrize("component", [{"type": 99}, {"type": 5, "custom_id": "users"}])
def test_a_component_without_a_drawing_is_an_error_that_names_its_type(component: Json):
    row = {"type": 1, "components": [component]}
    with pytest.raises(UnknownComponentError, match=f"unknown type {component['type']}"):
        drawn(message(BOT, components=[row]))


def test_a_button_of_an_unknown_style_is_an_error():
    with pytest.raises(UnknownComponentError, match="unknown style 6"):
        drawn(message(BOT, components=[{"type": 2, "style": 6, "label": "Buy"}]))


@pytest.mark.parametrize("files", [{}, {"map.png": b"no picture"}])
def test_a_picture_that_did_not_come_with_its_message_is_an_error(files: dict[str, bytes]):
    embed = {"image": {"url": "https://example.org/map.png"}}
    with pytest.raises(MissingUploadError, match=r"map\.png"):
        drawn(Shown(message(BOT, embeds=[embed]), files))


def test_embeds_are_drawn_with_all_their_parts():
    embed = {
        "title": "Films like **Alien**",
        "color": 0x00AA0F,
        "description": "1. Aliens",
        "fields": [{"name": "Most", "value": "*Aliens*", "inline": True}],
        "image": {"url": "http://127.0.0.1/attachments/7/map.png?ex=1"},
        "footer": {"text": "Page 1 of *3*"},
    }
    html = page([Shown(message(BOT, embeds=[embed]), FILES)])
    shown = Elements(html)
    assert "--accent: #00aa0f" in html
    assert shown.texts("title") == ["Films like Alien"]
    assert shown.texts("description") == ["1.Aliens"]
    assert shown.texts("field") == ["MostAliens"]
    assert shown.texts("footer") == ["Page 1 of *3*"]
    assert shown.texts("image") == [""]
    assert not shown.texts("upload"), "the image is shown in its place, not once more"


def test_uploads_without_a_place_are_shown_under_the_content():
    shown = drawn(Shown(message(BOT, content="Your map"), FILES))
    assert shown.texts("upload") == [""]
    assert shown.texts("file") == ["ratings.csv0.01 KB"]


def test_a_menu_shows_what_is_chosen_in_it():
    options = [{"label": "Alien", "default": True}, {"label": "Aliens"}]
    row = {"type": 1, "components": [{"type": 3, "placeholder": "Which?", "options": options}]}
    shown = drawn(message(BOT, components=[row]))
    assert shown.texts("select") == ["Alien"]


@pytest.mark.parametrize("place", ["content", "title", "label", "placeholder", "name"])
def test_markup_in_words_is_shown_as_words(place: str):
    evil = '<script>alert("x")</script>'
    option = {"label": evil, "default": place == "label"}
    menu = {"type": 3, "placeholder": evil, "options": [option]}
    components = [{"type": 2, "style": 1, "label": evil}, {"type": 1, "components": [menu]}]
    author = User("7", evil) if place == "name" else BOT
    words = message(author, content=evil, embeds=[{"title": evil}], components=components)
    shown = drawn(words)
    assert "script" not in shown.tags
    assert evil in shown.texts(place)[0]


def test_a_reply_names_the_message_that_it_answers():
    asked = message(ANN, content="!rate Alien\n5")
    shown = drawn(asked, message(BOT, content="Rated.", referenced_message=asked))
    assert shown.texts("preview") == ["@Ann !rate Alien 5"]
    assert shown.texts("head") == ["Ann20:14", "ReeltwinAPP20:14"]


def test_a_slash_command_names_who_used_it():
    shown = drawn(Shown(message(BOT), used=Used(ANN.payload(), "recommend")))
    assert shown.texts("preview") == ["Ann used /recommend"]


def test_only_ephemeral_messages_say_that_only_you_can_see_them():
    shown = drawn(message(BOT, content="Seen"), message(BOT, content="Hidden", flags=EPHEMERAL))
    assert len(shown.texts("only-you")) == 1
    assert "Hidden" in shown.texts("private")[0]


def test_messages_in_a_row_of_one_person_stand_under_one_name():
    said = [message(ANN, content=word) for word in ("one", "two")]
    shown = drawn(*said, message(BOB, content="three"))
    assert shown.texts("begins") == ["AAnn20:14one", "BBob20:14three"]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**bold** *it* _it_", "<strong>bold</strong> <em>it</em> <em>it</em>"),
        ("***both***", "<strong><em>both</em></strong>"),
        ("~~old~~ __u__", "<s>old</s> <u>u</u>"),
        ("`**as is** <b>`", "<code>**as is** &lt;b&gt;</code>"),
        (r"\*no\* 2 * 3 * 4", "*no* 2 * 3 * 4"),
        ("snake_case_name", "snake_case_name"),
        ("<@400> <@!400>", '<span class="mention">@Ann</span> <span class="mention">@Ann</span>'),
        ("<@7>", '<span class="mention">@unknown-user</span>'),
        ("</rate:12>", '<span class="mention">/rate</span>'),
        ("[**A** (1979)](https://a.org/?b&c)", None),
        ("[x](javascript:alert)", "[x](javascript:alert)"),
        ("see <https://a.org>.", 'see <a href="https://a.org">https://a.org</a>.'),
        ("**a\nb**", "<strong>a\nb</strong>"),
    ],
)
def test_inline_marks(text: str, html: str | None):
    if html is None:
        html = '<a href="https://a.org/?b&amp;c"><strong>A</strong> (1979)</a>'
    assert blocks(text, {"400": "Ann"}) == f'<div class="text">{html}</div>'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# A\n## B\n### C", "<h1>A</h1><h2>B</h2><h3>C</h3>"),
        ("#no", '<div class="text">#no</div>'),
        ("-# *small*", "<small><em>small</em></small>"),
        ("> a\n> - b", None),
        ("```py\n*x* <b>\n```", '<pre class="code">*x* &lt;b&gt;</pre>'),
        ("```one```", '<pre class="code">one</pre>'),
        ("a\n\n# B", '<div class="text">a\n\n</div><h1>B</h1>'),
    ],
)
def test_blocks(text: str, html: str | None):
    if html is None:
        item = '<div class="item" style="--level: 0"><span>•</span><div>b</div></div>'
        html = f'<blockquote class="quote"><div class="text">a</div>{item}</blockquote>'
    assert blocks(text, {}) == html


def test_lists_keep_their_numbers_and_levels():
    html = blocks("3. a\n- b\n  - c", {})
    assert Elements(html).texts("item") == ["3.a", "•b", "◦c"]
    assert html.count("--level: 1") == 1


@given(MARKS)
def test_whatever_is_typed_becomes_nested_elements_of_known_kinds(text: str):
    lines = {"div", "h1", "h2", "h3", "small", "blockquote", "pre"}
    runs = {"code", "span", "strong", "em", "u", "s", "a"}
    assert Elements(blocks(text, {})).tags <= lines | runs


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(3590, "in an hour"), (170_000, "in 2 days"), (-60, "a minute ago"), (-600, "10 minutes ago")],
)
def test_a_moment_is_told_from_now(seconds: int, said: str) -> None:
    assert said in blocks(f"<t:{int(time.time()) + seconds}:R>", {})
