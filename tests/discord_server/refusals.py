"""How Discord says no: an HTTP status with a code of its own, and for forms where it is wrong."""

from dataclasses import dataclass, field

from tests.discord_server.world import Json


@dataclass(frozen=True)
class Reason:
    """An error answer of the REST API."""

    status: int
    code: int
    message: str
    errors: Json = field(default_factory=dict)

    def body(self) -> Json:
        body: Json = {"code": self.code, "message": self.message}
        return {**body, "errors": self.errors} if self.errors else body


class RefusedError(Exception):
    """Raised by a route to answer with its reason."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def unknown(what: str, code: int) -> RefusedError:
    return RefusedError(Reason(404, code, f"Unknown {what}"))


@dataclass(frozen=True)
class Fault:
    """One wrong field of a form; ``path`` is dotted, as in ``embeds.0.title``."""

    path: str
    code: str
    message: str


def bad_form(faults: list[Fault]) -> RefusedError:
    """All faults of a form, nested by path as Discord nests them."""
    errors: Json = {}
    for fault in faults:
        place = errors
        for step in fault.path.split("."):
            place = place.setdefault(step, {})
        place.setdefault("_errors", []).append({"code": fault.code, "message": fault.message})
    return RefusedError(Reason(400, 50035, "Invalid Form Body", errors))


UNAUTHORIZED = Reason(401, 0, "401: Unauthorized")
NO_SUCH_ROUTE = Reason(404, 0, "404: Not Found")
EMPTY_MESSAGE = Reason(400, 50006, "Cannot send an empty message")
MISSING_ACCESS = Reason(403, 50001, "Missing Access")
NOT_IN_DIRECT_MESSAGES = Reason(403, 50003, "Cannot execute action on a DM channel")
CANNOT_DIRECT_MESSAGE = Reason(403, 50007, "Cannot send messages to this user")
NO_HISTORY_TO_REPLY = Reason(400, 160002, "Cannot reply without permission to read message history")
MISSING_PERMISSIONS = Reason(403, 50013, "Missing Permissions")
NOT_YOUR_MESSAGE = Reason(403, 50005, "Cannot edit a message authored by another user")
TOO_LARGE = Reason(413, 40005, "Request entity too large")
UNKNOWN_INTERACTION = Reason(404, 10062, "Unknown interaction")
UNKNOWN_WEBHOOK = Reason(404, 10015, "Unknown Webhook")
INVALID_WEBHOOK_TOKEN = Reason(401, 50027, "Invalid Webhook Token")
ALREADY_ACKNOWLEDGED = Reason(400, 40060, "Interaction has already been acknowledged.")
UNAVAILABLE = Reason(503, 0, "503: Service Unavailable")
CUT_OFF = Reason(0, 0, "")  # no answer at all: the connection is cut
