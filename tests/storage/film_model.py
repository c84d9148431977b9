"""The films of one person in memory: what the store must agree with.

Where the store keeps what a film was before each change, this keeps what each change made of it.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from storage import FilmState, Undone


@dataclass
class Layer:
    """What a change made of a film. Too old to be undone, it has neither change nor source."""

    state: FilmState
    rated_at: datetime | None
    was_unseen: bool
    change: int | None
    source: str | None


class FilmModel:
    """A stack of layers for each film; its state is the topmost."""

    def __init__(self, kept_changes, clock):
        self.kept_changes = kept_changes
        self.clock = clock
        self.films = defaultdict(list)
        self.unseen = set()
        self.changes = 0

    def state(self, movie_id):
        return self.films[movie_id][-1].state if self.films[movie_id] else FilmState()

    def ratings(self):
        tops = {movie_id: layers[-1] for movie_id, layers in self.films.items() if layers}
        return {
            movie_id: (top.state.stars, top.rated_at)
            for movie_id, top in tops.items()
            if top.state.stars is not None
        }

    def skipped(self):
        return {movie_id for movie_id in self.films if self.state(movie_id).skipped}

    def rate(self, stars, source=None):
        if source is not None:
            for movie_id, layers in self.films.items():
                if layers and layers[-1].source == source:
                    self._take_off(movie_id)
        before = {movie_id: self.state(movie_id).stars for movie_id in stars}
        self._change({movie_id: FilmState(value) for movie_id, value in stars.items()}, source)
        return before

    def unrate(self, movie_id):
        before = self.state(movie_id).stars
        if before is not None:
            self._change({movie_id: FilmState()})
        return before

    def skip(self, movie_id):
        before = self.state(movie_id)
        if before == FilmState():
            self._change({movie_id: FilmState(skipped=True)})
        return before

    def mark_unseen(self, movie_id):
        if self.state(movie_id).stars is None:
            self.unseen.add(movie_id)

    def undo(self):
        left = self._changes_left()
        undone = []
        for movie_id, layers in sorted(self.films.items()):
            if left and layers and layers[-1].change == left[-1]:
                before = self.state(movie_id)
                self._take_off(movie_id)
                undone.append(Undone(movie_id, before, self.state(movie_id)))
        return undone

    def _change(self, states, source=None):
        self.changes += 1
        rated_at = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=self.clock.now)
        for movie_id, state in states.items():
            was_unseen = movie_id in self.unseen
            layer = Layer(state, rated_at, was_unseen, self.changes, source)
            self.films[movie_id].append(layer)
            self._see(movie_id)
        kept = self._changes_left()[-self.kept_changes :]
        for layer in self._layers():
            if layer.change not in kept:
                layer.change = layer.source = None

    def _take_off(self, movie_id):
        if self.films[movie_id].pop().was_unseen:
            self.unseen.add(movie_id)
        self._see(movie_id)

    def _see(self, movie_id):
        if self.state(movie_id).stars is not None:
            self.unseen.discard(movie_id)

    def _layers(self):
        return [layer for layers in self.films.values() for layer in layers]

    def _changes_left(self):
        return sorted({layer.change for layer in self._layers() if layer.change is not None})
