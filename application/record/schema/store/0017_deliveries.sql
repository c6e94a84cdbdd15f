-- Endpoints of platforms that are told of events, and what was sent to them. An endpoint
-- is sent the events beyond `after`, the ledger's end when it was made or enabled again.
CREATE TABLE webhooks (
    webhook_id    uuid        NOT NULL,
    platform      text        NOT NULL,
    url           text        NOT NULL,
    topics        text[],
    state         text        NOT NULL
        CHECK (state IN ('active', 'paused', 'disabled', 'deleted')),
    after         bigint      NOT NULL CHECK (after >= 0),
    created_at    timestamptz NOT NULL,
    failing_since timestamptz,
    CONSTRAINT webhooks_pkey PRIMARY KEY (webhook_id)
);
CREATE INDEX webhooks_platform ON webhooks (platform, created_at, webhook_id);

-- Sealed under the data key of the endpoint; the newest is the one that stays.
CREATE TABLE webhook_secrets (
    webhook_id uuid        NOT NULL,
    number     integer     NOT NULL CHECK (number > 0),
    key_id     uuid        NOT NULL,
    sealed     bytea       NOT NULL,
    made_at    timestamptz NOT NULL,
    ends_at    timestamptz,
    CONSTRAINT webhook_secrets_pkey PRIMARY KEY (webhook_id, number),
    CONSTRAINT webhook_secrets_of FOREIGN KEY (webhook_id) REFERENCES webhooks
);

-- Who changed what about an endpoint, and when. It holds no secret.
CREATE TABLE webhook_changes (
    number     bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    webhook_id uuid        NOT NULL,
    change     text        NOT NULL,
    url        text        NOT NULL,
    topics     text[],
    changed_by text        NOT NULL,
    changed_at timestamptz NOT NULL,
    CONSTRAINT webhook_changes_pkey PRIMARY KEY (number)
);
CREATE INDEX webhook_changes_of ON webhook_changes (webhook_id, number);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON webhook_changes
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE webhook_changes ENABLE ALWAYS TRIGGER append_only;

-- One message to one endpoint; `position` is NULL for a test event. The body is made
-- once, so that every attempt sends the same bytes.
CREATE TABLE deliveries (
    delivery_id uuid        NOT NULL,
    webhook_id  uuid        NOT NULL,
    position    bigint,
    case_id     uuid,
    topic       text        NOT NULL,
    body        bytea       NOT NULL,
    state       text        NOT NULL
        CHECK (state IN ('waiting', 'delivered', 'dead', 'cancelled')),
    tries       integer     NOT NULL DEFAULT 0,
    created_at  timestamptz NOT NULL,
    next_at     timestamptz,
    ended_at    timestamptz,
    CONSTRAINT deliveries_pkey PRIMARY KEY (delivery_id),
    CONSTRAINT deliveries_to FOREIGN KEY (webhook_id) REFERENCES webhooks
);
CREATE INDEX deliveries_listed ON deliveries (webhook_id, created_at, delivery_id);
CREATE INDEX deliveries_dead ON deliveries (webhook_id, created_at, delivery_id)
    WHERE state = 'dead';
CREATE INDEX deliveries_waiting ON deliveries (created_at) WHERE state = 'waiting';
CREATE INDEX deliveries_ended ON deliveries (ended_at)
    WHERE state IN ('delivered', 'cancelled');

CREATE TABLE delivery_attempts (
    delivery_id  uuid        NOT NULL,
    number       integer     NOT NULL CHECK (number > 0),
    at           timestamptz NOT NULL,
    milliseconds integer     NOT NULL,
    status       integer,
    problem      text,
    CONSTRAINT delivery_attempts_pkey PRIMARY KEY (delivery_id, number),
    CONSTRAINT delivery_attempts_of FOREIGN KEY (delivery_id)
        REFERENCES deliveries ON DELETE CASCADE
);

GRANT SELECT, INSERT, UPDATE ON webhooks TO redress_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON webhook_secrets, deliveries, delivery_attempts
    TO redress_app;
GRANT SELECT, INSERT ON webhook_changes TO redress_app;

-- How far the dispatch of events has come. It begins here, where nobody could have
-- asked to be told of anything yet: a job that began at its first start would forget
-- what was recorded just before.
INSERT INTO followers (name, revision, position)
    SELECT 'deliveries', '1', coalesce(max(position), 0) FROM ledger;
