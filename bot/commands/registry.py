"""The commands, once for all faces."""

from bot import services as service
from bot.app.context import Caller, Services
from bot.commands import help as helping
from bot.commands.command import Command, Theme
from bot.commands.filter_parameters import Genres, Years
from bot.commands.parameters import (
    Attachment,
    Film,
    Marked,
    Mentioned,
    Number,
    OneOf,
    Page,
    People,
    Person,
    Ratings,
    Switch,
    Text,
)
from bot.replies import Reply
from bot.services.films import A_FEW, MOST
from bot.services.movienight import ROUNDS, WAYS
from bot.services.privacy import STATES
from bot.services.ratings import SORTS
from bot.services.watchlist import DOINGS

FILM = Film(
    name="film", about="A film's title; its year tells apart films of one name", required=True
)
ROUND = Marked(
    name="number", about="Which shortlist", word="round", least=1, most=ROUNDS, hidden=True
)
FRIEND = Person(name="member", about="Somebody of this server", required=True)


async def show_help(services: Services, caller: Caller, topic: str = "") -> Reply:
    """All commands, or one or a theme in detail."""
    if topic:
        return helping.about(services, COMMANDS, topic)
    return helping.overview(services, COMMANDS)


COMMANDS = (
    Command(
        "quiz",
        Theme.START,
        "Ten films to rate by a tap, chosen to learn most about you.",
        ("quiz",),
        service.quiz,
        (Text(name="answer", about="What the buttons say", hidden=True),),
    ),
    Command(
        "help",
        Theme.START,
        "All commands, or one of them in detail.",
        ("help", "help recommend"),
        show_help,
        (Text(name="topic", about="A command, such as recommend"),),
        ("commands", "start"),
    ),
    Command(
        "rate",
        Theme.RATE,
        "Rate a film, or many, one per line. Rating again replaces.",
        ("rate Alien 5", "rate 4.5 the matrix", "rate Amelie (2001) 4"),
        service.rate,
        (Ratings(),),
        ("r",),
    ),
    Command(
        "unrate",
        Theme.RATE,
        "Take a rating back.",
        ("unrate Alien",),
        service.unrate,
        (FILM,),
    ),
    Command(
        "undo",
        Theme.RATE,
        "Take back your latest rating, or whatever you did last.",
        ("undo",),
        service.undo,
    ),
    Command(
        "ratings",
        Theme.RATE,
        "What you rated, or what somebody else here did.",
        ("ratings", "ratings by stars", "ratings page 2"),
        service.ratings,
        (
            OneOf(name="sort", about="By date, stars or title", options=SORTS),
            Page(alone=True),
            Person(name="member", about="Somebody of this server; you if left out"),
        ),
        ("mine",),
        group=True,
    ),
    Command(
        "skip",
        Theme.RATE,
        "Never recommend a film to you again.",
        ("skip The Notebook",),
        service.skip,
        (FILM,),
    ),
    Command(
        "recommend",
        Theme.FIND,
        f"What to watch next: {A_FEW} films at a time, or as you wish.",
        ("recommend", "recommend comedy since 2000 gems", "recommend 20 horror 1990s"),
        service.recommend,
        (
            Number(name="count", about="How many films", least=1, most=MOST),
            Genres(),
            Years(),
            Switch(
                name="gems",
                about="Only films that few people know",
                words=("gems", "hidden gems", "hidden", "gem"),
            ),
            Page(),
        ),
        ("rec", "recs"),
    ),
    Command(
        "predict",
        Theme.FIND,
        "A film's card: the stars you would give, and why.",
        ("predict Blade Runner",),
        service.predict,
        (FILM,),
        ("film", "card"),
    ),
    Command(
        "why",
        Theme.FIND,
        "What each of your ratings says about a film.",
        ("why Blade Runner",),
        service.why,
        (FILM,),
    ),
    Command(
        "similar",
        Theme.FIND,
        "The films most like one.",
        ("similar Toy Story", "similar the thing 1982"),
        service.similar,
        (FILM,),
        ("like",),
    ),
    Command(
        "opposite",
        Theme.FIND,
        "The films least like one.",
        ("opposite Toy Story",),
        service.opposite,
        (FILM,),
        ("dissimilar",),
    ),
    Command(
        "taste",
        Theme.TASTE,
        "What you like: genres, decades, dimensions, the films most your kind.",
        ("taste",),
        service.taste,
    ),
    Command(
        "fit",
        Theme.TASTE,
        "Your ratings beside what I foretell, and how far I am off.",
        ("fit", "fit page 2"),
        service.fit,
        (Page(alone=True),),
    ),
    Command(
        "map",
        Theme.TASTE,
        "A picture of all films with your place on it, of several people, or close up on a film.",
        ("map", "map @friend", "map html", "map Alien (1979)"),
        service.draw,
        (
            Film(name="film", about="A film to see close up; all of them if left out"),
            Mentioned(name="members", about="Whose places to see together, as @ann @bob"),
            Switch(name="html", about="As a page to explore in a browser", words=("html",)),
        ),
        group=True,
    ),
    Command(
        "twin",
        Theme.GROUP,
        "The five MovieLens users with your taste.",
        ("twin",),
        service.twin,
        (),
        ("twins",),
    ),
    Command(
        "compare",
        Theme.GROUP,
        "How far you and somebody here agree, and on what you do not.",
        ("compare @friend",),
        service.compare,
        (FRIEND,),
        group=True,
    ),
    Command(
        "seen",
        Theme.GROUP,
        "Who here rated a film, and how.",
        ("seen Alien",),
        service.seen,
        (FILM,),
        group=True,
    ),
    Command(
        "movienight",
        Theme.GROUP,
        "Films for several of you that nobody has seen, fair to all, and a vote on them.",
        ("movienight", "movienight @friend", "movienight @friend comedy since 2000"),
        service.movienight,
        (
            Genres(),
            Years(),
            OneOf(name="way", about="How it is weighed; fair if left out", options=WAYS),
            ROUND,
            Switch(name="just", about="Only those named", words=("just",), hidden=True),
            People(name="members", about="Who watches; all of the channel if left out"),
        ),
        group=True,
    ),
    Command(
        "vote",
        Theme.GROUP,
        "The vote on a shortlist, as it stands.",
        ("vote",),
        service.vote,
        (Text(name="answer", about="What the buttons say", hidden=True),),
        group=True,
    ),
    Command(
        "watchlist",
        Theme.GROUP,
        "What you all mean to watch: add, remove, draw one, find what fits tonight.",
        (
            "watchlist add Blade Runner",
            "watchlist",
            "watchlist tonight",
            "watchlist random",
            "watchlist watched Blade Runner",
        ),
        service.watchlist,
        (
            OneOf(name="do", about="What to do; show the list if left out", options=DOINGS),
            Film(name="what", about="A film, or for tonight a wish: comedy 1990s"),
        ),
        group=True,
    ),
    Command(
        "club",
        Theme.GROUP,
        "All of you together: favourites, what divides you, who is close to whom.",
        ("club",),
        service.club,
        group=True,
    ),
    Command(
        "import",
        Theme.DATA,
        "Bring your ratings from Letterboxd, IMDb, Trakt or MovieLens.",
        ("import", "import undo"),
        service.bring,
        (
            Attachment(name="file", about="The file from there, as you got it"),
            Switch(name="undo", about="Take the last import back", words=("undo",)),
            Text(name="answer", about="What the buttons say", hidden=True),
        ),
        private=True,
    ),
    Command(
        "export",
        Theme.DATA,
        "Your ratings as a file, for Letterboxd or for me.",
        ("export",),
        service.export,
        private=True,
    ),
    Command(
        "privacy",
        Theme.DATA,
        "What I keep of you.",
        ("privacy",),
        service.privacy,
        private=True,
    ),
    Command(
        "private",
        Theme.DATA,
        "Keep your ratings out of group lists, or let them in again.",
        ("private on", "private off"),
        service.private,
        (OneOf(name="state", about="On keeps them to yourself", options=STATES),),
        private=True,
    ),
    Command(
        "forget",
        Theme.DATA,
        "Delete everything of yours, after asking.",
        ("forget",),
        service.forget,
        (Text(name="answer", about="What the buttons say", hidden=True),),
        private=True,
    ),
    Command(
        "bias",
        Theme.MODEL,
        "The most and least loved films of all, corrected for who rates them.",
        ("bias", "bias 20"),
        service.bias,
        (Number(name="count", about="How many films at each end", least=1, most=50),),
    ),
    Command(
        "dimension",
        Theme.MODEL,
        "A direction in which tastes differ: what lies at its ends.",
        ("dimension 1", "dimension 7"),
        service.dimension,
        (Number(name="number", about="Which one, from 0", least=0, most=999),),
        ("dim",),
    ),
    Command(
        "model",
        Theme.MODEL,
        "What I was trained on, how well I foretell, and my training curves.",
        ("model",),
        service.model_card,
    ),
)
BY_NAME = {name: command for command in COMMANDS for name in (command.name, *command.also)}
