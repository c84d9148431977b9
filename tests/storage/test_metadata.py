"""What the program notes for itself is there at its next start."""

from storage import open_store


async def test_a_note_is_there_after_a_restart_with_its_latest_value(database):
    async with open_store(database) as store:
        assert await store.metadata("slash commands") is None
        await store.set_metadata("slash commands", "4f6a")
        await store.set_metadata("slash commands", "")
        await store.set_metadata("another", "beef")
    async with open_store(database) as store:
        assert await store.metadata("slash commands") == ""
        assert await store.metadata("another") == "beef"
