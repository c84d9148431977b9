"""Which of a bot's shards this process serves, and which servers are theirs."""

import discord


def serves(client: discord.AutoShardedClient, guild_id: int | None) -> bool:
    """Return whether this process hears of a server, or of direct messages.

    Discord's rule (Gateway, Sharding): a server is on shard ``(guild_id >> 22) % shard_count``,
    all else on the first.

    Parameters
    ----------
    client
        The client, logged in.
    guild_id
        The server; None for direct messages.
    """
    if client.shard_ids is None or client.shard_count is None:
        return True
    shard = 0 if guild_id is None else (guild_id >> 22) % client.shard_count
    return shard in client.shard_ids


def shards_here(client: discord.AutoShardedClient) -> list[int]:
    """The shards that this process serves; none while Discord has not said how many there are."""
    return list(client.shard_ids or range(client.shard_count or 0))
