"""What people on Discord do with their data: bringing it, taking it along, deleting it."""

from tests.discord_server import BOB, CARL, File
from tools.transcript.player import Player
from tools.transcript.samples import FILES

_LETTERBOXD = "letterboxd.csv"


async def bringing(player: Player) -> None:
    """Let people import files and take them back."""
    for name in FILES:
        await player.slash("import", BOB, file=File(name, FILES[name]))
    asked = await player.slash("import", CARL, file=File(_LETTERBOXD, FILES[_LETTERBOXD]))
    await player.press(asked, "Cancel", CARL)
    await player.slash("import", CARL)
    await player.slash("import", CARL, undo=True)
    asked = await player.slash("import", CARL, file=File(_LETTERBOXD, FILES[_LETTERBOXD]))
    await player.press(asked, asked.buttons[0]["label"], CARL)
    await player.slash("ratings", CARL)
    await player.say("!import", BOB)
    await player.say("!import", BOB, files={_LETTERBOXD: FILES[_LETTERBOXD]})
    await player.say("!import confirm", BOB)
    await player.say("!import confirm", BOB)
    await player.say("!import undo", BOB)
    await player.say("!import something", BOB)
    await player.say("!import", CARL)


async def keeping(player: Player) -> None:
    """Let people see what is kept of them, take it along and have it forgotten."""
    await player.slash("export", CARL)
    await player.say("!export", CARL)
    await player.say("!export now", BOB)
    kept = await player.slash("privacy", CARL)
    await player.press(kept, "Keep my ratings to myself", CARL)
    await player.slash("privacy", CARL)
    await player.say("!privacy", BOB)
    await player.slash("private", CARL, state="on")
    await player.slash("ratings", member=CARL)
    await player.slash("compare", member=CARL)
    await player.slash("private", CARL, state="off")
    await player.slash("private", CARL)
    await player.say("!private maybe", BOB)
    asked = await player.slash("forget", CARL)
    await player.press(asked, "Keep it", CARL)
    asked = await player.slash("forget", CARL)
    await player.press(asked, "Delete everything", CARL)
    await player.slash("export", CARL)
    await player.slash("undo", CARL)
    await player.say("!forget", BOB)
    await player.slash("compare", member=CARL)
