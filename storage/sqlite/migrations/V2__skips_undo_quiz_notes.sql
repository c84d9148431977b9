CREATE TABLE skips ( -- films that somebody is not interested in
    user_id  TEXT    NOT NULL REFERENCES members (user_id) ON DELETE CASCADE,
    movie_id INTEGER NOT NULL,
    PRIMARY KEY (user_id, movie_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE unseen ( -- films that somebody told the quiz they have not seen
    user_id  TEXT    NOT NULL REFERENCES members (user_id) ON DELETE CASCADE,
    movie_id INTEGER NOT NULL,
    PRIMARY KEY (user_id, movie_id)
) STRICT, WITHOUT ROWID;

-- A rated film is neither skipped nor unseen.
CREATE TRIGGER rating_ends_skip_and_unseen AFTER INSERT ON ratings BEGIN
    DELETE FROM skips WHERE user_id = NEW.user_id AND movie_id = NEW.movie_id;
    DELETE FROM unseen WHERE user_id = NEW.user_id AND movie_id = NEW.movie_id;
END;

CREATE TRIGGER rated_is_not_skipped BEFORE INSERT ON skips
WHEN EXISTS (SELECT 1 FROM ratings WHERE user_id = NEW.user_id AND movie_id = NEW.movie_id)
BEGIN
    SELECT RAISE(ABORT, 'the film is rated');
END;

CREATE TRIGGER rated_is_not_unseen BEFORE INSERT ON unseen
WHEN EXISTS (SELECT 1 FROM ratings WHERE user_id = NEW.user_id AND movie_id = NEW.movie_id)
BEGIN
    SELECT RAISE(ABORT, 'the film is rated');
END;

-- What films were before each change of a person's ratings and skips, to be undone latest first.
CREATE TABLE history (
    user_id    TEXT    NOT NULL REFERENCES members (user_id) ON DELETE CASCADE,
    change     INTEGER NOT NULL, -- ascending for each person; films changed at once share it
    movie_id   INTEGER NOT NULL,
    source     TEXT, -- the message that asked for the change
    half_stars INTEGER CHECK (half_stars BETWEEN 1 AND 10), -- NULL where the film was not rated
    rated_at   INTEGER CHECK ((rated_at IS NULL) = (half_stars IS NULL)),
    skipped    INTEGER NOT NULL CHECK (skipped IN (0, 1)),
    unseen     INTEGER NOT NULL CHECK (unseen IN (0, 1)),
    PRIMARY KEY (user_id, change, movie_id),
    CHECK (half_stars IS NULL OR skipped + unseen = 0)
) STRICT, WITHOUT ROWID;

CREATE INDEX history_by_film ON history (user_id, movie_id, change);

CREATE TABLE quizzes ( -- those under way
    user_id  TEXT    NOT NULL PRIMARY KEY REFERENCES members (user_id) ON DELETE CASCADE,
    asked    INTEGER NOT NULL CHECK (asked >= 0), -- films answered with stars so far
    movie_id INTEGER NOT NULL -- the open question
) STRICT, WITHOUT ROWID;

CREATE TABLE notes ( -- what the program itself remembers
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
