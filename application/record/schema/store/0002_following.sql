-- How far each follower of the ledger has read, what it could not read, and how far
-- each import has come.

CREATE TABLE followers (
    name     text   NOT NULL,
    revision text   NOT NULL,
    position bigint NOT NULL CHECK (position >= 0),
    halted   text,
    CONSTRAINT followers_pkey PRIMARY KEY (name)
);

CREATE TABLE parked (
    follower      text   NOT NULL,
    originator_id uuid   NOT NULL,
    position      bigint NOT NULL,
    error         text   NOT NULL,
    CONSTRAINT parked_pkey PRIMARY KEY (follower, originator_id)
);

CREATE TABLE imports (
    source       bytea  NOT NULL,
    file         text   NOT NULL,
    rows_read    bigint NOT NULL,
    cases        bigint NOT NULL,
    events       bigint NOT NULL,
    rejected     bigint NOT NULL,
    rejects_size bigint NOT NULL,
    finished     boolean NOT NULL,
    CONSTRAINT imports_pkey PRIMARY KEY (source)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON followers, parked, imports TO redress_app;
