"""The tables that both engines have, in an order in which rows find what they refer to."""

from typing import NamedTuple


class Table(NamedTuple):
    """``key`` are the columns of the primary key, ``others`` the rest of them."""

    name: str
    key: tuple[str, ...]
    others: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        return self.key + self.others


TABLES = (
    Table("members", ("user_id",), ("name",)),
    Table("memberships", ("guild_id", "user_id"), ("first_seen",)),
    Table("channels", ("guild_id", "channel_id", "user_id")),
    Table("private_members", ("user_id",)),
    Table("ratings", ("user_id", "movie_id"), ("half_stars", "rated_at")),
    Table("skips", ("user_id", "movie_id")),
    Table("seen", ("user_id", "movie_id")),
    Table("unseen", ("user_id", "movie_id")),
    Table(
        "history",
        ("user_id", "change", "movie_id"),
        ("source", "half_stars", "rated_at", "skipped", "unseen", "seen", "label"),
    ),
    Table("quizzes", ("user_id",), ("asked", "movie_id")),
    Table(
        "votes",
        ("vote_id",),
        (
            *("guild_id", "channel_id", "starter", "message_id"),
            *("opened_at", "closes_at", "closed_at"),
        ),
    ),
    Table("vote_films", ("vote_id", "movie_id"), ("place",)),
    Table("approvals", ("vote_id", "movie_id", "user_id")),
    Table("watchlist", ("guild_id", "movie_id"), ("added_by", "added_at")),
    Table("watched", ("guild_id", "movie_id"), ("marked_by", "watched_at")),
    Table("notes", ("name",), ("value",)),
)
