-- By chance, anew for each time that somebody is remembered: what was begun for whom they were
-- before they were forgotten is not written to whom they are now.
ALTER TABLE members ADD COLUMN incarnation BIGINT NOT NULL DEFAULT 0;
