CREATE TABLE seen ( -- films that somebody has seen and gave no stars
    user_id  TEXT    NOT NULL REFERENCES members (user_id) ON DELETE CASCADE,
    movie_id INTEGER NOT NULL,
    PRIMARY KEY (user_id, movie_id)
) STRICT, WITHOUT ROWID;

-- A seen film is neither rated nor unseen; it may be skipped.
CREATE TRIGGER rating_ends_seen AFTER INSERT ON ratings BEGIN
    DELETE FROM seen WHERE user_id = NEW.user_id AND movie_id = NEW.movie_id;
END;

CREATE TRIGGER seen_ends_unseen AFTER INSERT ON seen BEGIN
    DELETE FROM unseen WHERE user_id = NEW.user_id AND movie_id = NEW.movie_id;
END;

CREATE TRIGGER rated_needs_no_seen BEFORE INSERT ON seen
WHEN EXISTS (SELECT 1 FROM ratings WHERE user_id = NEW.user_id AND movie_id = NEW.movie_id)
BEGIN
    SELECT RAISE(ABORT, 'the film is rated');
END;

CREATE TRIGGER seen_is_not_unseen BEFORE INSERT ON unseen
WHEN EXISTS (SELECT 1 FROM seen WHERE user_id = NEW.user_id AND movie_id = NEW.movie_id)
BEGIN
    SELECT RAISE(ABORT, 'the film is seen');
END;

ALTER TABLE history ADD COLUMN seen INTEGER NOT NULL DEFAULT 0
    CHECK (seen = 0 OR (seen = 1 AND half_stars IS NULL AND unseen = 0));
ALTER TABLE history ADD COLUMN label TEXT; -- names the import, NULL for any other change

CREATE INDEX history_imports ON history (user_id, change) WHERE label IS NOT NULL;

CREATE TABLE private_members ( -- those whose ratings groups do not see
    user_id TEXT NOT NULL PRIMARY KEY REFERENCES members (user_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE channels ( -- who talked in which channel of a guild; leaving it ends this too
    guild_id   TEXT NOT NULL,
    channel_id TEXT NOT NULL,
    user_id    TEXT NOT NULL,
    PRIMARY KEY (guild_id, channel_id, user_id),
    FOREIGN KEY (guild_id, user_id) REFERENCES memberships (guild_id, user_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX channels_by_user ON channels (user_id, guild_id);

CREATE TABLE votes (
    vote_id    INTEGER NOT NULL PRIMARY KEY,
    guild_id   TEXT    NOT NULL,
    channel_id TEXT    NOT NULL,
    starter    TEXT REFERENCES members (user_id) ON DELETE SET NULL,
    message_id TEXT,             -- NULL until the message is sent
    opened_at  INTEGER NOT NULL, -- unix milliseconds, UTC
    closes_at  INTEGER,          -- the same; NULL where somebody has to close it
    closed_at  INTEGER           -- the same; NULL while it is open
) STRICT;

CREATE INDEX votes_by_guild ON votes (guild_id, vote_id);
CREATE INDEX votes_by_starter ON votes (starter);
CREATE INDEX votes_open ON votes (vote_id) WHERE closed_at IS NULL;

CREATE TABLE vote_films (
    vote_id  INTEGER NOT NULL REFERENCES votes (vote_id) ON DELETE CASCADE,
    movie_id INTEGER NOT NULL,
    place    INTEGER NOT NULL, -- in the list that was voted on, from 0
    PRIMARY KEY (vote_id, movie_id),
    UNIQUE (vote_id, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE approvals (
    vote_id  INTEGER NOT NULL,
    movie_id INTEGER NOT NULL,
    user_id  TEXT    NOT NULL REFERENCES members (user_id) ON DELETE CASCADE,
    PRIMARY KEY (vote_id, movie_id, user_id),
    FOREIGN KEY (vote_id, movie_id) REFERENCES vote_films (vote_id, movie_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX approvals_by_user ON approvals (user_id);

CREATE TABLE watchlist ( -- what a group means to watch
    guild_id TEXT    NOT NULL,
    movie_id INTEGER NOT NULL,
    added_by TEXT REFERENCES members (user_id) ON DELETE SET NULL,
    added_at INTEGER NOT NULL, -- unix milliseconds, UTC
    PRIMARY KEY (guild_id, movie_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX watchlist_by_member ON watchlist (added_by);

CREATE TABLE watched ( -- what a group watched, by the last time
    guild_id   TEXT    NOT NULL,
    movie_id   INTEGER NOT NULL,
    marked_by  TEXT REFERENCES members (user_id) ON DELETE SET NULL,
    watched_at INTEGER NOT NULL, -- unix milliseconds, UTC
    PRIMARY KEY (guild_id, movie_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX watched_by_member ON watched (marked_by);
