CREATE TABLE edits ( -- edits of messages that were carried out, for a day
    message_id TEXT    NOT NULL PRIMARY KEY,
    edited_at  INTEGER NOT NULL -- unix milliseconds, UTC
) STRICT, WITHOUT ROWID;

CREATE INDEX edits_by_time ON edits (edited_at);
