"""What the calls of one command share, however many: their patience, and whom they act for."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from time import monotonic


@dataclass(frozen=True)
class Incarnation:
    """A member from when they were first remembered until they are forgotten.

    Who comes back later is of another number.
    """

    user_id: str
    number: int


@dataclass
class Session:
    """What the calls of one command share.

    Attributes
    ----------
    patience
        Seconds that they may still wait for the database, all together.
    member
        Whom they act for: they write nothing once that member was forgotten.
    """

    patience: float
    member: Incarnation | None = None

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Take the time of the body from the patience that is left."""
        begun = monotonic()
        try:
            yield
        finally:
            self.patience = max(0.0, self.patience - (monotonic() - begun))


# Kept here rather than handed on: whatever a command calls waits on the command's account.
_current: ContextVar[Session | None] = ContextVar("session", default=None)


def current_session(patience: float) -> Session:
    """Return the session of whoever calls; one of its own, of so many seconds, for a lone call."""
    return _current.get() or Session(patience)


def acting_member() -> Incarnation | None:
    """Return whom the caller's session acts for, None for nobody."""
    session = _current.get()
    return session.member if session else None


@contextmanager
def new_session(patience: float) -> Iterator[Session]:
    """Let all calls of the body be of one session.

    Parameters
    ----------
    patience
        Seconds that they may wait, all together.
    """
    session = Session(patience)
    before = _current.set(session)
    try:
        yield session
    finally:
        _current.reset(before)
