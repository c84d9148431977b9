"""The loopback Discord as a whole: one web server that speaks both protocols."""

from aiohttp import web

from tests.discord_server.calls import API
from tests.discord_server.gateway import Gateway
from tests.discord_server.interactions import Interactions
from tests.discord_server.messages import Messages
from tests.discord_server.rest import Rest
from tests.discord_server.sessions import PRIVILEGED
from tests.discord_server.world import GUILDS, Guild, World

TOKEN = "MTAw.loopback.token-that-no-log-may-hold"
UPLOADS_READ = 64 << 20  # bytes; far above Discord's limit, so that the refusal is Discord's own


class DiscordServer:
    """REST and gateway on a free loopback port.

    Parameters
    ----------
    seconds_to_acknowledge
        How long an interaction waits for its first answer (Discord: 3).
    privileged_intents
        Those that the developer portal grants; asking for others is answered by closing with 4014.
    shards
        How many connections Discord asks an automatically sharded client to open.
    guilds
        Those that the bot is in.
    """

    def __init__(
        self,
        *,
        seconds_to_acknowledge: float = 3.0,
        privileged_intents: int = PRIVILEGED,
        shards: int = 1,
        guilds: tuple[Guild, ...] = GUILDS,
    ) -> None:
        self.token = TOKEN
        self.world = World(guilds)
        self.messages = Messages(self.world)
        self.gateway = Gateway(self.world, TOKEN, privileged_intents, shards)
        self.interactions = Interactions(self.messages, seconds_to_acknowledge)
        self.rest = Rest(self.world, self.messages, self.gateway, self.interactions, TOKEN)
        self._runner: web.AppRunner | None = None
        self._address = ""

    @property
    def api_url(self) -> str:
        return f"http://{self._address}{API}"

    @property
    def gateway_url(self) -> str:
        return f"ws://{self._address}/gateway"

    async def start(self) -> None:
        app = web.Application(client_max_size=UPLOADS_READ)
        app.router.add_get("/gateway", self.gateway.connect)
        self.rest.register(app)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self._address = f"{host}:{port}"
        self.messages.cdn = f"http://{self._address}"

    async def stop(self) -> None:
        await self.gateway.close()
        if self._runner is not None:
            await self._runner.cleanup()
