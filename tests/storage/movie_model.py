"""The films of one person in memory: what the store must agree with.

Where the store keeps what a film was before each change, this keeps what each change made of it.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from storage import ImportResult, MovieState, UndoneChange

EPOCH = datetime.fromtimestamp(0, UTC)


@dataclass
class Layer:
    """What a change made of a film. Too old to be undone, it has no change, source or label."""

    state: MovieState
    rated_at: datetime | None
    was_unseen: bool
    change: int | None
    source: str | None
    label: str | None


class MovieModel:
    """A stack of layers for each film; its state is the topmost."""

    def __init__(self, kept_changes, clock):
        self.kept_changes = kept_changes
        self.clock = clock
        self.films = defaultdict(list)
        self.unseen = set()
        self.changes = 0

    def state(self, movie_id):
        return self.films[movie_id][-1].state if self.films[movie_id] else MovieState()

    def ratings(self):
        return {
            movie_id: (layer.state.stars, layer.rated_at)
            for movie_id, layer in self._tops()
            if layer.state.stars is not None
        }

    def skipped(self):
        return {movie_id for movie_id, layer in self._tops() if layer.state.skipped}

    def seen_movies(self):
        return {movie_id for movie_id, layer in self._tops() if layer.state.seen}

    def rate(self, stars, source=None):
        if source is not None:
            for movie_id, layer in self._tops():
                if layer.source == source:
                    self._take_off(movie_id)
        before = {movie_id: self.state(movie_id).stars for movie_id in stars}
        self._change({movie_id: MovieState(value) for movie_id, value in stars.items()}, source)
        return before

    def unrate(self, movie_id):
        before = self.state(movie_id).stars
        if before is not None:
            self._change({movie_id: MovieState()})
        return before

    def skip(self, movie_id):
        before = self.state(movie_id)
        if before.stars is None and not before.skipped:
            self._change({movie_id: replace(before, skipped=True)})
        return before

    def mark_unseen(self, movie_id):
        self.unseen.add(movie_id)
        self._see(movie_id)

    def mark_seen(self, movie_ids):
        marked = self._marked(movie_ids)
        self._change(marked)
        return len(marked)

    def import_ratings(self, ratings, label, seen):
        before = {movie_id: self.state(movie_id).stars for movie_id in ratings}
        new = {film: MovieState(ratings[film][0]) for film in ratings if before[film] is None}
        marked = self._marked(set(seen) - set(ratings))
        times = {film: at for film, (_, at) in ratings.items() if at is not None}
        self._change(new | marked, None, label, times)
        same = sum(before[film] == stars for film, (stars, _) in ratings.items())
        return ImportResult(len(new), same, len(before) - len(new) - same, len(marked))

    def undo(self):
        return self._undo(self._changes_left()[-1:])

    def undo_import(self):
        latest = max((top.change for _, top in self._tops() if top.label), default=None)
        return self._undo([] if latest is None else [latest])

    def latest_import(self):
        tops = [layer for _, layer in self._tops() if layer.label]
        return max(tops, key=lambda layer: layer.change).label if tops else None

    def _undo(self, changes):
        undone = []
        for movie_id, layer in sorted(self._tops(), key=lambda top: top[0]):
            if layer.change in changes:
                self._take_off(movie_id)
                undone.append(UndoneChange(movie_id, layer.state, self.state(movie_id)))
        return undone

    def _marked(self, movie_ids):
        before = {movie_id: self.state(movie_id) for movie_id in movie_ids}
        return {
            movie_id: replace(state, seen=True)
            for movie_id, state in before.items()
            if state.stars is None and not state.seen
        }

    def _change(self, states, source=None, label=None, times=None):
        if not states and source is None and label is None:
            return
        self.changes += 1
        now = EPOCH + timedelta(milliseconds=self.clock.now)
        for movie_id, state in states.items():
            rated_at = min(max((times or {}).get(movie_id, now), EPOCH), now)
            was_unseen = movie_id in self.unseen
            layer = Layer(state, rated_at, was_unseen, self.changes, source, label)
            self.films[movie_id].append(layer)
            self._see(movie_id)
        kept = self._changes_left()[-self.kept_changes :]
        kept_import = max((layer.change for layer in self._layers() if layer.label), default=None)
        for layers in self.films.values():
            lost = False  # whether a later change of the film is too old to be undone
            for layer in reversed(layers):
                if layer.change not in kept and (lost or layer.change != kept_import):
                    layer.change = layer.source = layer.label = None
                    lost = True

    def _take_off(self, movie_id):
        if self.films[movie_id].pop().was_unseen:
            self.unseen.add(movie_id)
        self._see(movie_id)

    def _see(self, movie_id):
        state = self.state(movie_id)
        if state.stars is not None or state.seen:
            self.unseen.discard(movie_id)

    def _tops(self):
        return [(movie_id, layers[-1]) for movie_id, layers in self.films.items() if layers]

    def _layers(self):
        return [layer for layers in self.films.values() for layer in layers]

    def _changes_left(self):
        return sorted({layer.change for layer in self._layers() if layer.change is not None})
