-- The log: how its tree grew, the tree in tiles, and what was signed of it.

-- One row per batch of entries. `previous` is a compare-and-swap on the size of the
-- tree: each size is gone on from at most once, so that the log can never fork.
-- `position`: the last event's; heads: case id and version (24 bytes) of each case that
-- the batch touched, whose case-head entries follow the batch's events.
CREATE TABLE log_batches (
    size     bigint NOT NULL CHECK (size >= 0),
    previous bigint CHECK (previous < size),
    position bigint NOT NULL CHECK (position >= 0),
    after    bigint CHECK (after < position),
    heads    bytea  NOT NULL CHECK (octet_length(heads) % 24 = 0),
    root     bytea  NOT NULL CHECK (octet_length(root) = 32),
    CONSTRAINT log_batches_pkey PRIMARY KEY (size),
    CONSTRAINT log_batches_previous_key UNIQUE (previous),
    CONSTRAINT log_batches_position_key UNIQUE (position),
    CONSTRAINT log_batches_after_key UNIQUE (after),
    CONSTRAINT log_batches_previous_fkey FOREIGN KEY (previous) REFERENCES log_batches,
    CONSTRAINT log_batches_after_fkey FOREIGN KEY (after)
        REFERENCES log_batches (position),
    CONSTRAINT log_batches_first CHECK (
        (size = 0) = (previous IS NULL) AND (size = 0) = (after IS NULL)),
    CONSTRAINT log_batches_entries CHECK (
        size - previous = position - after + octet_length(heads) / 24)
);

-- The last tile of each level is partial, and grows.
CREATE TABLE log_tiles (
    level  smallint NOT NULL CHECK (level BETWEEN 0 AND 7),
    index  bigint   NOT NULL CHECK (index >= 0),
    hashes bytea    NOT NULL CHECK (
        octet_length(hashes) BETWEEN 32 AND 8192 AND octet_length(hashes) % 32 = 0),
    CONSTRAINT log_tiles_pkey PRIMARY KEY (level, index)
);
ALTER TABLE log_tiles ALTER COLUMN hashes SET STORAGE EXTERNAL;

-- What is published now: `kind` is signed (by the log) or cosigned (by a quorum too).
CREATE TABLE log_checkpoints (
    kind text        NOT NULL,
    size bigint      NOT NULL,
    note text        NOT NULL,
    at   timestamptz NOT NULL,
    CONSTRAINT log_checkpoints_pkey PRIMARY KEY (kind),
    CONSTRAINT log_checkpoints_size_fkey FOREIGN KEY (size) REFERENCES log_batches
);

-- What was published before, one every few minutes: a signature is longer than an event.
CREATE TABLE log_archive (
    size bigint      NOT NULL,
    kind text        NOT NULL,
    note text        NOT NULL,
    at   timestamptz NOT NULL,
    CONSTRAINT log_archive_pkey PRIMARY KEY (size, kind),
    CONSTRAINT log_archive_size_fkey FOREIGN KEY (size) REFERENCES log_batches
);

-- Every verifier key that the log has had; `endorsement`: the signed note in which the
-- keys before it name it.
CREATE TABLE log_keys (
    vkey        text        NOT NULL,
    made_at     timestamptz NOT NULL,
    endorsement text,
    CONSTRAINT log_keys_pkey PRIMARY KEY (vkey)
);

-- How each part last found things: signer, auditor, and each witness.
CREATE TABLE log_reports (
    part    text        NOT NULL,
    reached bigint      NOT NULL,
    problem text,
    at      timestamptz NOT NULL,
    CONSTRAINT log_reports_pkey PRIMARY KEY (part)
);

CREATE FUNCTION refuse_other_than_growth() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.level, NEW.index) IS DISTINCT FROM (OLD.level, OLD.index)
        OR substring(NEW.hashes FOR octet_length(OLD.hashes)) <> OLD.hashes
    THEN
        RAISE EXCEPTION 'a tile can only grow: the log is append-only'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log_batches
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON log_tiles
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER only_grows BEFORE UPDATE ON log_tiles
    FOR EACH ROW EXECUTE FUNCTION refuse_other_than_growth();
CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON log_checkpoints
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER only_grows BEFORE UPDATE ON log_checkpoints
    FOR EACH ROW WHEN (NEW.kind <> OLD.kind OR NEW.size < OLD.size)
    EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log_archive
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log_keys
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE log_batches ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE log_tiles ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE log_tiles ENABLE ALWAYS TRIGGER only_grows;
ALTER TABLE log_checkpoints ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE log_checkpoints ENABLE ALWAYS TRIGGER only_grows;
ALTER TABLE log_archive ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE log_keys ENABLE ALWAYS TRIGGER append_only;

INSERT INTO log_batches (size, position, heads, root)
    VALUES (0, 0, '', sha256(''));

GRANT SELECT, INSERT ON log_batches, log_archive, log_keys TO redress_app;
GRANT SELECT, INSERT, UPDATE ON log_tiles, log_checkpoints, log_reports TO redress_app;
