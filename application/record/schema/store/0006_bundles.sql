-- What bundles need beside the log: time stamps, and bundles of other installations.

-- The RFC 3161 response over a checkpoint note, by the SHA-256 of the note: asked for
-- once, so that the same checkpoint gives the same bundle.
CREATE TABLE log_timestamps (
    digest   bytea       NOT NULL CHECK (octet_length(digest) = 32),
    response bytea       NOT NULL,
    at       timestamptz NOT NULL,
    CONSTRAINT log_timestamps_pkey PRIMARY KEY (digest)
);

-- Cases of other logs, kept as they came: they are no part of this record. A bundle may
-- hold texts in clear, so it is sealed under a key of its own that can be destroyed.
CREATE TABLE imported_bundles (
    case_id  uuid        NOT NULL,
    version  bigint      NOT NULL CHECK (version > 0),
    origin   text        NOT NULL,
    size     bigint      NOT NULL,
    digest   bytea       NOT NULL CHECK (octet_length(digest) = 32),
    key_id   uuid        NOT NULL,
    sealed   bytea       NOT NULL,
    taken_at timestamptz NOT NULL,
    CONSTRAINT imported_bundles_pkey PRIMARY KEY (case_id, digest, key_id)
);
ALTER TABLE imported_bundles ALTER COLUMN sealed SET STORAGE EXTERNAL;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log_timestamps
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON imported_bundles
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE log_timestamps ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE imported_bundles ENABLE ALWAYS TRIGGER append_only;

GRANT SELECT, INSERT ON log_timestamps, imported_bundles TO redress_app;
