-- Messages that show a vote open: how it ended is still to be shown there. In place of
-- votes.message_id, which processes of the version before go on with until they are started anew.
CREATE TABLE vote_messages (
    message_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    vote_id    BIGINT NOT NULL REFERENCES votes (vote_id) ON DELETE CASCADE,
    channel_id TEXT COLLATE "C" NOT NULL
);

CREATE INDEX vote_messages_by_vote ON vote_messages (vote_id);

INSERT INTO vote_messages (message_id, vote_id, channel_id)
SELECT message_id, max(vote_id), min(channel_id) FROM votes
WHERE closed_at IS NULL AND message_id IS NOT NULL GROUP BY message_id;
