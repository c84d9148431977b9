"""The commands, once for all faces."""

from bot import services as service
from bot.app.context import AppContext, RequestContext
from bot.commands import help as helping
from bot.commands.command import Command, CommandCategory
from bot.commands.filter_parameters import Genres, Years
from bot.commands.parameters import (
    Attachment,
    Film,
    Flag,
    Keyword,
    KeywordNumber,
    Mentioned,
    Number,
    Page,
    People,
    Person,
    Ratings,
    Text,
)
from bot.replies import Reply
from bot.services.films import A_FEW, MOST
from bot.services.movienight import ROUNDS, WAYS
from bot.services.privacy import STATES
from bot.services.ratings import SORTS
from bot.services.watchlist import DOINGS

FILM = Film(
    name="film", description="A film's title; its year tells apart films of one name", required=True
)
ROUND = KeywordNumber(
    name="number",
    description="Which shortlist",
    word="round",
    minimum=1,
    maximum=ROUNDS,
    hidden=True,
)
FRIEND = Person(name="member", description="Somebody of this server", required=True)


async def show_help(context: AppContext, request: RequestContext, topic: str = "") -> Reply:
    """All commands, or one or a theme in detail."""
    if topic:
        return helping.command_help(context, COMMANDS, topic)
    return helping.overview(context, COMMANDS)


COMMANDS = (
    Command(
        "quiz",
        CommandCategory.START,
        "Ten films to rate by a tap, chosen to learn most about you.",
        ("quiz",),
        service.quiz,
        (Text(name="answer", description="What the buttons say", hidden=True),),
    ),
    Command(
        "help",
        CommandCategory.START,
        "All commands, or one of them in detail.",
        ("help", "help recommend"),
        show_help,
        (Text(name="topic", description="A command, such as recommend"),),
        ("commands", "start"),
    ),
    Command(
        "rate",
        CommandCategory.RATE,
        "Rate a film, or many, one per line. Rating again replaces.",
        ("rate Alien 5", "rate 4.5 the matrix", "rate Amelie (2001) 4"),
        service.rate,
        (Ratings(),),
        ("r",),
    ),
    Command(
        "unrate",
        CommandCategory.RATE,
        "Take a rating back.",
        ("unrate Alien",),
        service.unrate,
        (FILM,),
    ),
    Command(
        "undo",
        CommandCategory.RATE,
        "Take back your latest rating, or whatever you did last.",
        ("undo",),
        service.undo,
    ),
    Command(
        "ratings",
        CommandCategory.RATE,
        "What you rated, or what somebody else here did.",
        ("ratings", "ratings by stars", "ratings page 2"),
        service.ratings,
        (
            Keyword(name="sort", description="By date, stars or title", options=SORTS),
            Page(alone=True),
            Person(name="member", description="Somebody of this server; you if left out"),
        ),
        ("mine",),
        group=True,
    ),
    Command(
        "skip",
        CommandCategory.RATE,
        "Never recommend a film to you again.",
        ("skip The Notebook",),
        service.skip,
        (FILM,),
    ),
    Command(
        "recommend",
        CommandCategory.FIND,
        f"What to watch next: {A_FEW} films at a time, or as you wish.",
        ("recommend", "recommend comedy since 2000 gems", "recommend 20 horror 1990s"),
        service.recommend,
        (
            Number(name="count", description="How many films", minimum=1, maximum=MOST),
            Genres(),
            Years(),
            Flag(
                name="gems",
                description="Only films that few people know",
                words=("gems", "hidden gems", "hidden", "gem"),
            ),
            Page(),
        ),
        ("rec", "recs"),
    ),
    Command(
        "predict",
        CommandCategory.FIND,
        "A film's card: the stars you would give, and why.",
        ("predict Blade Runner",),
        service.predict,
        (FILM,),
        ("film", "card"),
    ),
    Command(
        "why",
        CommandCategory.FIND,
        "What each of your ratings says about a film.",
        ("why Blade Runner",),
        service.why,
        (FILM,),
    ),
    Command(
        "similar",
        CommandCategory.FIND,
        "The films most like one.",
        ("similar Toy Story", "similar the thing 1982"),
        service.similar,
        (FILM,),
        ("like",),
    ),
    Command(
        "opposite",
        CommandCategory.FIND,
        "The films least like one.",
        ("opposite Toy Story",),
        service.opposite,
        (FILM,),
        ("dissimilar",),
    ),
    Command(
        "taste",
        CommandCategory.TASTE,
        "What you like: genres, decades, dimensions, the films most your kind.",
        ("taste",),
        service.taste,
    ),
    Command(
        "fit",
        CommandCategory.TASTE,
        "Your ratings beside what I foretell, and how far I am off.",
        ("fit", "fit page 2"),
        service.fit,
        (Page(alone=True),),
    ),
    Command(
        "map",
        CommandCategory.TASTE,
        "A picture of all films with your place on it, of several people, or close up on a film.",
        ("map", "map @friend", "map html", "map Alien (1979)"),
        service.draw,
        (
            Film(name="film", description="A film to see close up; all of them if left out"),
            Mentioned(name="members", description="Whose places to see together, as @ann @bob"),
            Flag(name="html", description="As a page to explore in a browser", words=("html",)),
        ),
        group=True,
    ),
    Command(
        "twin",
        CommandCategory.GROUP,
        "The five MovieLens users with your taste.",
        ("twin",),
        service.twin,
        (),
        ("twins",),
    ),
    Command(
        "compare",
        CommandCategory.GROUP,
        "How far you and somebody here agree, and on what you do not.",
        ("compare @friend",),
        service.compare,
        (FRIEND,),
        group=True,
    ),
    Command(
        "seen",
        CommandCategory.GROUP,
        "Who here rated a film, and how.",
        ("seen Alien",),
        service.seen,
        (FILM,),
        group=True,
    ),
    Command(
        "movienight",
        CommandCategory.GROUP,
        "Films for several of you that nobody has seen, fair to all, and a vote on them.",
        ("movienight", "movienight @friend", "movienight @friend comedy since 2000"),
        service.movienight,
        (
            Genres(),
            Years(),
            Keyword(name="way", description="How it is weighed; fair if left out", options=WAYS),
            ROUND,
            Flag(name="just", description="Only those named", words=("just",), hidden=True),
            People(name="members", description="Who watches; all of the channel if left out"),
        ),
        group=True,
    ),
    Command(
        "vote",
        CommandCategory.GROUP,
        "The vote on a shortlist, as it stands.",
        ("vote",),
        service.vote,
        (Text(name="answer", description="What the buttons say", hidden=True),),
        group=True,
    ),
    Command(
        "watchlist",
        CommandCategory.GROUP,
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
            Keyword(name="do", description="What to do; show the list if left out", options=DOINGS),
            Film(name="what", description="A film, or for tonight a wish: comedy 1990s"),
        ),
        group=True,
    ),
    Command(
        "club",
        CommandCategory.GROUP,
        "All of you together: favourites, what divides you, who is close to whom.",
        ("club",),
        service.club,
        group=True,
    ),
    Command(
        "import",
        CommandCategory.DATA,
        "Bring your ratings from Letterboxd, IMDb, Trakt or MovieLens.",
        ("import", "import undo"),
        service.import_ratings,
        (
            Attachment(name="file", description="The file from there, as you got it"),
            Flag(name="undo", description="Take the last import back", words=("undo",)),
            Text(name="answer", description="What the buttons say", hidden=True),
        ),
        private=True,
    ),
    Command(
        "export",
        CommandCategory.DATA,
        "Your ratings as a file, for Letterboxd or for me.",
        ("export",),
        service.export,
        private=True,
    ),
    Command(
        "privacy",
        CommandCategory.DATA,
        "What I keep of you.",
        ("privacy",),
        service.privacy,
        private=True,
    ),
    Command(
        "private",
        CommandCategory.DATA,
        "Keep your ratings out of group lists, or let them in again.",
        ("private on", "private off"),
        service.private,
        (Keyword(name="state", description="On keeps them to yourself", options=STATES),),
        private=True,
    ),
    Command(
        "forget",
        CommandCategory.DATA,
        "Delete everything of yours, after asking.",
        ("forget",),
        service.forget,
        (Text(name="answer", description="What the buttons say", hidden=True),),
        private=True,
    ),
    Command(
        "bias",
        CommandCategory.MODEL,
        "The most and least loved films of all, corrected for who rates them.",
        ("bias", "bias 20"),
        service.bias,
        (Number(name="count", description="How many films at each end", minimum=1, maximum=50),),
    ),
    Command(
        "dimension",
        CommandCategory.MODEL,
        "A direction in which tastes differ: what lies at its ends.",
        ("dimension 1", "dimension 7"),
        service.dimension,
        (Number(name="number", description="Which one, from 0", minimum=0, maximum=999),),
        ("dim",),
    ),
    Command(
        "model",
        CommandCategory.MODEL,
        "What I was trained on, how well I foretell, and my training curves.",
        ("model",),
        service.model_card,
    ),
)
BY_NAME = {name: command for command in COMMANDS for name in (command.name, *command.aliases)}
