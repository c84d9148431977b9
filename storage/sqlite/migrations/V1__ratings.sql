-- "Reel" in ASCII: tells our files from those of other programs.
PRAGMA application_id = 0x5265656C;

CREATE TABLE members (
    user_id TEXT NOT NULL PRIMARY KEY, -- the face and its own id: 'discord:400', 'console:alice'
    name    TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE memberships (
    guild_id   TEXT    NOT NULL,
    user_id    TEXT    NOT NULL REFERENCES members (user_id) ON DELETE CASCADE,
    first_seen INTEGER NOT NULL, -- unix seconds, UTC
    PRIMARY KEY (guild_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX memberships_by_user ON memberships (user_id);

CREATE TABLE ratings (
    user_id    TEXT    NOT NULL REFERENCES members (user_id) ON DELETE CASCADE,
    movie_id   INTEGER NOT NULL, -- MovieLens id
    half_stars INTEGER NOT NULL CHECK (half_stars BETWEEN 1 AND 10),
    rated_at   INTEGER NOT NULL, -- unix milliseconds, UTC
    PRIMARY KEY (user_id, movie_id)
) STRICT, WITHOUT ROWID;
