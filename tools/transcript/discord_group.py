"""What people on Discord do together: comparing, movie nights with a vote, the watchlist."""

from tests.discord_server import ANN, BOB, CARL
from tools.transcript.player import Player

_WATCHLIST = """
!watchlist random
!watchlist tonight
!watchlist add
!watchlist add Blade Runner
!watchlist add Qwertzuiop
!watchlist tonight horror 1920s
!watchlist remove Heat
!watchlist Alien
"""


async def together(player: Player) -> None:
    """Let people compare themselves, by typing and by slash commands."""
    await player.say("!compare <@401>")
    await player.says("!compare Bob\n!compare\n!compare nobody\n!compare <@400>\n!compare <@101>")
    await player.slash("compare", BOB, member=ANN)
    await player.slash("compare", member=CARL)
    await player.says("!seen Alien\n!seen\n!seen Qwertzuiop\n!map <@401>\n!map @Bob @Carl")
    await player.say("!club")
    await player.slash("club", BOB)


async def night(player: Player) -> None:
    """Let people find a film and vote on it."""
    await player.say("!vote")
    await player.says("!movienight\n!movienight <@401> comedy since 2000\n!movienight @nobody")
    await player.slash("movienight", BOB)
    await player.slash("movienight", genre="Drama", years="1990s", way="misery", members="@Bob")
    shortlist = await player.say("!movienight @Bob since 1990")
    other = await player.press(shortlist, "Others →", BOB)
    shortlist = await player.press(other, "← Back")
    await player.press_beside(shortlist, 1, BOB)
    vote = await player.choose(shortlist, "Vote: an hour")
    vote = await player.press_beside(vote, 1, BOB)
    vote = await player.press_beside(vote, 3, BOB)
    vote = await player.press_beside(vote, 3, CARL)
    vote = await player.press_beside(vote, 3)
    vote = await player.press_beside(vote, 1, BOB)
    await player.press(vote, "Close the vote", BOB)
    await player.slash("vote", BOB)
    await player.say("!vote Forrest Gump", BOB)
    await player.slash("vote", film="Alien")
    await player.slash("vote", BOB, close=True)
    ended = await player.press(vote, "Close the vote", shows=3)
    await player.says("!vote close\n!vote Forrest Gump")
    await player.press(ended, "Put it on the watchlist", BOB)
    await player.press(ended, "We watched it")
    await player.say("!vote")


async def watchlist(player: Player) -> None:
    """Let people fill the watchlist and draw from it."""
    await player.says(_WATCHLIST)
    unsure = await player.say("!watchlist add King Kong")
    await player.choose(unsure, "King Kong (1933)")
    await player.slash("watchlist", BOB, do="add", what="Airplane! (1980)")
    listed = await player.slash("watchlist")
    await player.press_beside(listed, 1, BOB)
    await player.press_beside(listed, 1)
    await player.press(listed, "What fits tonight")
    await player.slash("watchlist", do="tonight", what="comedy 1980s")
    removed = await player.slash("watchlist", do="remove", what="Airplane! (1980)")
    await player.press(removed, "Put it back")
    await player.slash("watchlist", do="remove", what="Airplane! (1980)")
    watched = await player.say("!watchlist watched Blade Runner")
    await player.choose(watched, "★★★★ 4", BOB)
    await player.choose(watched, "★★★★★ 5")
    await player.press(watched, "Who rated it")
    await player.say("!watchlist")
