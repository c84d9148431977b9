"""What the members of a guild rated, as far as they let the others see it."""

from itertools import groupby

from storage.members import IN_CHANNEL, VISIBLE, Member
from storage.ratings import Rating
from storage.repository import Repository
from storage.timestamps import utc


class GuildRatings(Repository):
    """Ratings across the members of a guild; private ones are left out, but for the ``viewer``."""

    async def raters(
        self, guild_id: str, movie_id: int, *, viewer: str | None = None
    ) -> list[tuple[Member, Rating]]:
        """Return who rated a movie, most stars first, then by name.

        Parameters
        ----------
        guild_id
            The guild in which they were seen.
        movie_id
            The movie.
        viewer
            Who is shown the answer (a user id): private members see themselves.

        Returns
        -------
        list
            Each member with their rating.
        """
        async with self._reading() as connection:
            rows = await connection.fetch(
                "SELECT user_id, name, half_stars, rated_at FROM memberships "
                "JOIN members USING (user_id) JOIN ratings USING (user_id) "
                f"WHERE guild_id = $1 AND movie_id = $3 AND {VISIBLE} "
                "ORDER BY half_stars DESC, name, user_id",
                guild_id,
                viewer,
                movie_id,
            )
        return [
            (Member(user_id, name), Rating(movie_id, halves / 2, utc(rated_at)))
            for user_id, name, halves, rated_at in rows
        ]

    async def group_ratings(
        self,
        guild_id: str,
        min_ratings: int = 1,
        channel_id: str | None = None,
        *,
        viewer: str | None = None,
    ) -> dict[Member, dict[int, float]]:
        """Return what the members of a guild, or of one channel of it, rated.

        Parameters
        ----------
        guild_id
            The guild in which they were seen.
        min_ratings
            How many ratings a member has at least to be among them.
        channel_id
            The channel in which they talked; None for all of the guild.
        viewer
            Who is shown the answer (a user id): private members see themselves.

        Returns
        -------
        dict
            Stars in 0.5..5 by movie id of each member, the members by name.
        """
        async with self._reading() as connection:
            rows = await connection.fetch(
                "SELECT user_id, name, movie_id, half_stars FROM memberships "
                "JOIN members USING (user_id) JOIN ratings USING (user_id) "
                f"WHERE guild_id = $1 AND {VISIBLE} AND {IN_CHANNEL} "
                "ORDER BY name, user_id, movie_id",
                guild_id,
                viewer,
                channel_id,
            )
        ratings = {
            Member(*who): {movie_id: halves / 2 for _, _, movie_id, halves in own}
            for who, own in groupby(rows, key=lambda row: (row[0], row[1]))
        }
        return {member: stars for member, stars in ratings.items() if len(stars) >= min_ratings}
