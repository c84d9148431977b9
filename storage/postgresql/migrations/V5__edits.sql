CREATE TABLE edits ( -- edits of messages that were carried out, for a day
    message_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    edited_at  BIGINT NOT NULL -- unix milliseconds, UTC
);

CREATE INDEX edits_by_time ON edits (edited_at);
