-- Erasures of data subjects, the log of who read what, and who may.

-- One row an erasure, from the request to the end. `case_ids` and `key_ids` are set in
-- the transaction that records its facts: from then on it only goes forward.
CREATE TABLE erasures (
    erasure_id   uuid        NOT NULL,
    platform     text        NOT NULL,
    party        text        NOT NULL,
    subject      text        NOT NULL,
    basis        text        NOT NULL,
    requested_by text        NOT NULL,
    requested_at timestamptz NOT NULL,
    approved_by  text        CHECK (approved_by <> requested_by),
    approved_at  timestamptz,
    refused_for  text,
    recorded_at  timestamptz,
    case_ids     uuid[],
    key_ids      uuid[],
    files        bigint,
    done_at      timestamptz,
    CONSTRAINT erasures_pkey PRIMARY KEY (erasure_id)
);
CREATE UNIQUE INDEX erasures_pending ON erasures (platform, party, subject)
    WHERE done_at IS NULL AND refused_for IS NULL;

-- What auditors and regulators read. `entry` is the exact JSON of the fact, with the
-- hash of the one before; hash = SHA-256(0x00 || entry). The other columns repeat what
-- it says, to search by.
CREATE TABLE access_log (
    number   bigint      NOT NULL CHECK (number > 0),
    at       timestamptz NOT NULL,
    reader   text        NOT NULL,
    role     text        NOT NULL,
    platform text,
    what     text        NOT NULL,
    case_id  uuid,
    entry    bytea       NOT NULL CHECK (octet_length(entry) < 65536),
    hash     bytea       NOT NULL CHECK (octet_length(hash) = 32),
    CONSTRAINT access_log_pkey PRIMARY KEY (number)
);
CREATE INDEX access_log_reader ON access_log (reader, number);
CREATE INDEX access_log_case ON access_log (case_id, number) WHERE case_id IS NOT NULL;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE access_log ENABLE ALWAYS TRIGGER append_only;

-- Who may read a platform's cases, in which time, for what; `case_ids`: only these.
CREATE TABLE access_grants (
    grant_id   uuid        NOT NULL,
    platform   text        NOT NULL,
    reader     text        NOT NULL,
    role       text        NOT NULL,
    begins     timestamptz NOT NULL,
    ends       timestamptz NOT NULL,
    purpose    text        NOT NULL,
    case_ids   uuid[],
    given_by   text        NOT NULL,
    given_at   timestamptz NOT NULL,
    revoked_by text,
    revoked_at timestamptz,
    CONSTRAINT access_grants_pkey PRIMARY KEY (grant_id)
);
CREATE INDEX access_grants_reader ON access_grants (reader, role, platform);

GRANT SELECT, INSERT, UPDATE ON erasures, access_grants TO redress_app;
GRANT SELECT, INSERT ON access_log TO redress_app;
