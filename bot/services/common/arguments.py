"""Arguments that several commands take, as their services annotate them."""

from typing import Annotated

from bot.commands.button_parameters import Unread
from bot.commands.filter_parameters import Genres, Years, YearSpan
from bot.commands.parameters import MovieTitle, Person

MovieArgument = Annotated[
    str, MovieTitle(description="A film's title; its year tells apart films of one name")
]
MemberArgument = Annotated[str, Person(description="Somebody of this server")]
GenreArgument = Annotated[tuple[str, ...], Genres()]
YearsArgument = Annotated[YearSpan | None, Years()]
UnreadArgument = Annotated[str, Unread()]
