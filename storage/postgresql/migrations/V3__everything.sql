-- The same tables as SQLite's of version 3, with which this engine begins.

CREATE TABLE members (
    user_id TEXT COLLATE "C" NOT NULL PRIMARY KEY, -- the face and its own id: 'discord:400'
    name    TEXT COLLATE "C" NOT NULL
);

CREATE TABLE memberships (
    guild_id   TEXT COLLATE "C" NOT NULL,
    user_id    TEXT COLLATE "C" NOT NULL REFERENCES members (user_id) ON DELETE CASCADE,
    first_seen BIGINT NOT NULL, -- unix seconds, UTC
    PRIMARY KEY (guild_id, user_id)
);

CREATE INDEX memberships_by_user ON memberships (user_id);

CREATE TABLE ratings (
    user_id    TEXT COLLATE "C" NOT NULL REFERENCES members (user_id) ON DELETE CASCADE,
    movie_id   BIGINT NOT NULL, -- MovieLens id
    half_stars BIGINT NOT NULL CHECK (half_stars BETWEEN 1 AND 10),
    rated_at   BIGINT NOT NULL, -- unix milliseconds, UTC
    PRIMARY KEY (user_id, movie_id)
);

CREATE TABLE skips ( -- films that somebody is not interested in
    user_id  TEXT COLLATE "C" NOT NULL REFERENCES members (user_id) ON DELETE CASCADE,
    movie_id BIGINT NOT NULL,
    PRIMARY KEY (user_id, movie_id)
);

CREATE TABLE unseen ( -- films that somebody told the quiz they have not seen
    user_id  TEXT COLLATE "C" NOT NULL REFERENCES members (user_id) ON DELETE CASCADE,
    movie_id BIGINT NOT NULL,
    PRIMARY KEY (user_id, movie_id)
);

CREATE TABLE seen ( -- films that somebody has seen and gave no stars
    user_id  TEXT COLLATE "C" NOT NULL REFERENCES members (user_id) ON DELETE CASCADE,
    movie_id BIGINT NOT NULL,
    PRIMARY KEY (user_id, movie_id)
);

-- A rated film is neither skipped nor seen nor unseen.
CREATE FUNCTION rating_ends_marks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM skips WHERE user_id = NEW.user_id AND movie_id = NEW.movie_id;
    DELETE FROM unseen WHERE user_id = NEW.user_id AND movie_id = NEW.movie_id;
    DELETE FROM seen WHERE user_id = NEW.user_id AND movie_id = NEW.movie_id;
    RETURN NULL;
END $$;

CREATE TRIGGER rating_ends_marks AFTER INSERT ON ratings
FOR EACH ROW EXECUTE FUNCTION rating_ends_marks();

CREATE FUNCTION rated_needs_no_mark() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM ratings WHERE user_id = NEW.user_id AND movie_id = NEW.movie_id) THEN
        RAISE integrity_constraint_violation USING MESSAGE = 'the film is rated';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER rated_is_not_skipped BEFORE INSERT ON skips
FOR EACH ROW EXECUTE FUNCTION rated_needs_no_mark();
CREATE TRIGGER rated_is_not_unseen BEFORE INSERT ON unseen
FOR EACH ROW EXECUTE FUNCTION rated_needs_no_mark();
CREATE TRIGGER rated_needs_no_seen BEFORE INSERT ON seen
FOR EACH ROW EXECUTE FUNCTION rated_needs_no_mark();

-- A seen film is not unseen; it may be skipped.
CREATE FUNCTION seen_ends_unseen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM unseen WHERE user_id = NEW.user_id AND movie_id = NEW.movie_id;
    RETURN NULL;
END $$;

CREATE TRIGGER seen_ends_unseen AFTER INSERT ON seen
FOR EACH ROW EXECUTE FUNCTION seen_ends_unseen();

CREATE FUNCTION seen_is_not_unseen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM seen WHERE user_id = NEW.user_id AND movie_id = NEW.movie_id) THEN
        RAISE integrity_constraint_violation USING MESSAGE = 'the film is seen';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER seen_is_not_unseen BEFORE INSERT ON unseen
FOR EACH ROW EXECUTE FUNCTION seen_is_not_unseen();

-- What films were before each change of a person's ratings and skips, to be undone latest first.
CREATE TABLE history (
    user_id    TEXT COLLATE "C" NOT NULL REFERENCES members (user_id) ON DELETE CASCADE,
    change     BIGINT NOT NULL, -- ascending for each person; films changed at once share it
    movie_id   BIGINT NOT NULL,
    source     TEXT, -- the message that asked for the change
    half_stars BIGINT CHECK (half_stars BETWEEN 1 AND 10), -- NULL where the film was not rated
    rated_at   BIGINT CHECK ((rated_at IS NULL) = (half_stars IS NULL)),
    skipped    BIGINT NOT NULL CHECK (skipped IN (0, 1)),
    unseen     BIGINT NOT NULL CHECK (unseen IN (0, 1)),
    seen       BIGINT NOT NULL DEFAULT 0
        CHECK (seen = 0 OR (seen = 1 AND half_stars IS NULL AND unseen = 0)),
    label      TEXT, -- names the import, NULL for any other change
    PRIMARY KEY (user_id, change, movie_id),
    CHECK (half_stars IS NULL OR skipped + unseen = 0)
);

CREATE INDEX history_by_film ON history (user_id, movie_id, change);
CREATE INDEX history_imports ON history (user_id, change) WHERE label IS NOT NULL;

CREATE TABLE quizzes ( -- those under way
    user_id  TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES members (user_id) ON DELETE CASCADE,
    asked    BIGINT NOT NULL CHECK (asked >= 0), -- films answered with stars so far
    movie_id BIGINT NOT NULL -- the open question
);

CREATE TABLE notes ( -- what the program itself remembers
    name  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE private_members ( -- those whose ratings groups do not see
    user_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES members (user_id) ON DELETE CASCADE
);

CREATE TABLE channels ( -- who talked in which channel of a guild; leaving it ends this too
    guild_id   TEXT COLLATE "C" NOT NULL,
    channel_id TEXT COLLATE "C" NOT NULL,
    user_id    TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (guild_id, channel_id, user_id),
    FOREIGN KEY (guild_id, user_id) REFERENCES memberships (guild_id, user_id) ON DELETE CASCADE
);

CREATE INDEX channels_by_user ON channels (user_id, guild_id);

CREATE TABLE votes (
    vote_id    BIGINT NOT NULL PRIMARY KEY,
    guild_id   TEXT COLLATE "C" NOT NULL,
    channel_id TEXT COLLATE "C" NOT NULL,
    starter    TEXT COLLATE "C" REFERENCES members (user_id) ON DELETE SET NULL,
    message_id TEXT,            -- NULL until the message is sent
    opened_at  BIGINT NOT NULL, -- unix milliseconds, UTC
    closes_at  BIGINT,          -- the same; NULL where somebody has to close it
    closed_at  BIGINT           -- the same; NULL while it is open
);

CREATE INDEX votes_by_guild ON votes (guild_id, vote_id);
CREATE INDEX votes_by_starter ON votes (starter);
CREATE INDEX votes_open ON votes (vote_id) WHERE closed_at IS NULL;

CREATE TABLE vote_films (
    vote_id  BIGINT NOT NULL REFERENCES votes (vote_id) ON DELETE CASCADE,
    movie_id BIGINT NOT NULL,
    place    BIGINT NOT NULL, -- in the list that was voted on, from 0
    PRIMARY KEY (vote_id, movie_id),
    UNIQUE (vote_id, place)
);

CREATE TABLE approvals (
    vote_id  BIGINT NOT NULL,
    movie_id BIGINT NOT NULL,
    user_id  TEXT COLLATE "C" NOT NULL REFERENCES members (user_id) ON DELETE CASCADE,
    PRIMARY KEY (vote_id, movie_id, user_id),
    FOREIGN KEY (vote_id, movie_id) REFERENCES vote_films (vote_id, movie_id) ON DELETE CASCADE
);

CREATE INDEX approvals_by_user ON approvals (user_id);

CREATE TABLE watchlist ( -- what a group means to watch
    guild_id TEXT COLLATE "C" NOT NULL,
    movie_id BIGINT NOT NULL,
    added_by TEXT COLLATE "C" REFERENCES members (user_id) ON DELETE SET NULL,
    added_at BIGINT NOT NULL, -- unix milliseconds, UTC
    PRIMARY KEY (guild_id, movie_id)
);

CREATE INDEX watchlist_by_member ON watchlist (added_by);

CREATE TABLE watched ( -- what a group watched, by the last time
    guild_id   TEXT COLLATE "C" NOT NULL,
    movie_id   BIGINT NOT NULL,
    marked_by  TEXT COLLATE "C" REFERENCES members (user_id) ON DELETE SET NULL,
    watched_at BIGINT NOT NULL, -- unix milliseconds, UTC
    PRIMARY KEY (guild_id, movie_id)
);

CREATE INDEX watched_by_member ON watched (marked_by);
