"""What people do on Discord, scene by scene."""

from tests.discord_server import ANN, BOB, CARL, CINEMA, FILMS_THREAD, OTHER_GUILD_FILMS, TALK
from tools.transcript.discord_data import bringing, keeping
from tools.transcript.discord_group import night, together, watchlist
from tools.transcript.player import Player
from tools.transcript.topics import TOPICS

_TYPED = """
!help
!hepl
!recomend
!r Up 4,5
!rate
!rate Alien 6
!rate Qwertzuiop Asdfgh 3
!unrate
!unrate Qwertzuiop
!recommend comedy since 2000 gems
!recommend 20 horror 1990s
!recommend 0
!recommend 1999-1990
!recommend purple
!recs 3 thriller
!predict
!film Blade Runner
!card toy stroy
!why Blade Runner
!why
!similar the thing 1982
!like Qwertzuiop
!opposite Toy Story (1995)
!dissimilar Alien
!taste
!fit
!fit page 2
!fit x
!map
!map Alien (1979)
!map html
!twin
!twins 3
!bias
!bias 51
!dimension 1
!dim x
!model
!skip Titanic (1997)
!undo
"""
_BOBS = "Alien 3.5\nAliens 3\nThe Matrix 4.5\nInception 5\nJumanji (1995) 2\nUp 5\nWALL·E 4.5"
_ANNS = "Alien 5\nAliens 4.5\nToy Story (1995) 2\nthe matrix 4.5\nAmelie (2001) 4\nCoco 3.5"


async def _rating(player: Player) -> None:
    await player.murmur("hello everybody")
    await player.murmur("!date")
    await player.murmur("!")
    await player.murmur("!xyz")
    await player.say("<@100>")
    await player.say(f"!rate {_ANNS}")
    await player.say(f"!rate {_BOBS}", BOB)
    rated = await player.say("!rate Inception 5")
    await player.press(rated, "Undo", BOB)  # not his
    await player.press(rated, "Undo")
    await player.say("!rate Alien 3")
    await player.edit("!rate Alien 4.5")
    await player.edit("!rate Alien 9")
    await player.edit("!taste")
    unsure = await player.say("!rate King Kong 3")
    await player.choose(unsure, "King Kong (1933)")
    without = await player.say("!rate Apollo 13")
    await player.choose(without, "★★★★ 4")
    await player.fill_in("ratemany", "Heat 4\nThe Notebook 2\nQwertzuiop 3\nJumanji")
    await player.fill_in("ratemany", "nothing of the kind")
    await player.complete("rate", "film", "ali")
    await player.complete("rate", "film", "toy stor")
    await player.complete("predict", "film", "")
    await player.complete("map", "film", "qwertzuiop")
    await player.slash("rate", film="Alien (1979)", stars=5.0)
    await player.slash("rate", film="Toy Story", stars=2.5)
    await player.slash("rate", film="Qwertzuiop", stars=2.5)
    await player.slash("unrate", film="Heat (1995)")
    await player.slash("unrate", film="Heat (1995)")
    await player.slash("undo")
    listed = await player.slash("ratings")
    await player.press_beside(listed, 1)
    await player.slash("ratings", sort="stars")
    await player.slash("ratings", member=BOB, sort="title")
    await player.slash("ratings", page=2)
    await player.slash("skip", film="The Notebook (2004)")
    await player.says("!ratings by stars\n!mine page 2\n!ratings <@401>\n!undo")


async def _quiz(player: Player) -> None:
    question = await player.say("!quiz", CARL)
    question = await player.press(question, "4★", CARL)
    question = await player.press(question, "Not seen", CARL)
    await player.press(question, "2★")  # not hers
    question = await player.press(question, "1★", CARL)
    await player.slash("quiz", CARL)
    end = await player.press(question, "Stop", CARL)
    await player.press(end, "Recommend", CARL)
    await player.press(end, "My taste", CARL)
    await player.press(end, "Another round", CARL)


async def _looking(player: Player) -> None:
    listed = await player.say("!recommend")
    further = await player.press(listed, "More →")
    await player.press(further, "← Back")
    card = await player.press_beside(listed, 3)
    await player.press_beside(listed, 2, BOB)  # not his
    for label in ("More like this", "Why"):
        await player.press(card, label)
    rated = await player.choose(card, "★★★★½ 4.5")
    await player.press(rated, "Undo")
    skipped = await player.press(await player.press_beside(listed, 4), "Not interested")
    await player.press(skipped, skipped.buttons[0]["label"])
    unsure = await player.say("!predict King Kong")
    await player.choose(unsure, "King Kong (2005)")
    theme = await player.press(await player.say("!help"), "Find films")
    await player.press(theme, theme.buttons[0]["label"])


async def _slashes(player: Player) -> None:
    await player.slash("recommend", BOB)
    await player.slash("recommend", count=5, genre="Horror", years="1990s")
    await player.slash("recommend", gems=True, page=2)
    await player.slash("recommend", years="purple")
    await player.slash("recommend", BOB, years="1999-1990", count=1)
    for command in ("predict", "why", "similar", "opposite", "seen"):
        await player.slash(command, BOB, film="Blade Runner (1982)")
        await player.slash(command, film="qwertzuiop")
    for command in ("taste", "fit", "twin", "map", "bias", "model", "help"):
        await player.slash(command, BOB)
    await player.slash("fit", page=3)
    await player.slash("map", film="Alien (1979)")
    await player.slash("map", members="<@401>")
    await player.slash("map", html=True)
    await player.slash("bias", count=3)
    await player.slash("dimension", number=7)
    await player.slash("dimension", number=999)
    await player.slash("dimension")
    await player.slash("help", topic="recommend")
    await player.slash("help", topic="nonsense")


async def _elsewhere(player: Player) -> None:
    await player.say("!club", BOB, OTHER_GUILD_FILMS)
    await player.say("!watchlist", ANN, OTHER_GUILD_FILMS)
    await player.say("!recommend 2", BOB, FILMS_THREAD)
    await player.say("!movienight", BOB, TALK)
    await player.say("<@100> rate Alien 4", BOB, TALK)
    private = player.direct(ANN)
    for text in ("!help", "!rate Alien 5", "!club", "!compare @Bob", "!movienight", "!watchlist"):
        await player.say(text, ANN, private)
    for text in ("!vote", "!privacy", "!export", "!import"):
        await player.say(text, ANN, private)
    await player.slash("recommend", ANN, private, count=2)
    await player.slash("privacy", ANN, private)


async def _typing(player: Player) -> None:
    await player.says(_TYPED)


async def _places(player: Player) -> None:
    no_pictures, no_embeds, read_only = (player.place(number) for number in ("302", "303", "304"))
    await player.say("!map", BOB, no_pictures)
    await player.slash("fit", BOB, no_pictures)
    await player.say("!ratings", BOB, no_embeds)
    await player.tell("!ratings", CARL, player.place("307"))
    await player.tell("!ratings", BOB, read_only)
    await player.invite(CINEMA)


async def _long(player: Player) -> None:
    title = "Qwertzuiop, which is a title so long that it must take"
    many = [f"{title} {number} lines 3" for number in range(100, 155)]
    await player.fill_in("ratemany", "\n".join(many), CARL, shows=2)
    await player.say("!rate " + "\n".join(f"Qwertzuiop {line} 3" for line in range(20, 60)), CARL)


async def _help(player: Player) -> None:
    for topic in TOPICS:
        await player.say(f"!help {topic}", BOB)


# In an order in which one builds on the other.
SCENES = (
    _rating,
    _quiz,
    _looking,
    _typing,
    _slashes,
    together,
    night,
    watchlist,
    bringing,
    keeping,
    _elsewhere,
    _places,
    _long,
    _help,
)
