-- The record: one row per event, never changed, and the ledger that orders it.

CREATE TABLE events (
    originator_id      uuid   NOT NULL,
    originator_version bigint NOT NULL CHECK (originator_version > 0),
    topic              text   NOT NULL,
    state              bytea  NOT NULL CHECK (octet_length(state) < 65536),
    notification_id    bigint GENERATED ALWAYS AS IDENTITY (CACHE 1),
    CONSTRAINT events_pkey PRIMARY KEY (originator_id, originator_version),
    CONSTRAINT events_notification_id_key UNIQUE (notification_id)
);

-- position is dense: 1, 2, 3 …; leaf = SHA-256(0x00 || state), the log's leaf hash.
CREATE TABLE ledger (
    position           bigint NOT NULL CHECK (position > 0),
    originator_id      uuid   NOT NULL,
    originator_version bigint NOT NULL,
    notification_id    bigint NOT NULL,
    leaf               bytea  NOT NULL CHECK (octet_length(leaf) = 32),
    CONSTRAINT ledger_pkey PRIMARY KEY (position),
    CONSTRAINT ledger_case_key UNIQUE (originator_id, originator_version),
    CONSTRAINT ledger_notification_id_key UNIQUE (notification_id)
);

-- Which command a client's key stands for; written in the statement that appends.
-- digest is keyed (HMAC), so that it says nothing about what was asked.
CREATE TABLE requests (
    command_id    uuid  NOT NULL,
    originator_id uuid  NOT NULL,
    digest        bytea NOT NULL CHECK (octet_length(digest) = 32),
    CONSTRAINT requests_pkey PRIMARY KEY (command_id)
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: the record is append-only', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON requests
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE events ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE ledger ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE requests ENABLE ALWAYS TRIGGER append_only;

GRANT SELECT, INSERT ON events, ledger, requests TO redress_app;
GRANT SELECT ON SEQUENCE events_notification_id_seq TO redress_app;
