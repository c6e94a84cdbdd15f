-- What is sent to parties over the channels that leave the house. `position` is that of
-- the event that called for the notice. It holds no address and no text: both are read
-- from the case when the notice is sent, so that an erasure reaches them.
CREATE TABLE notice_deliveries (
    delivery_id uuid        NOT NULL,
    case_id     uuid        NOT NULL,
    position    bigint      NOT NULL,
    notice      text        NOT NULL,
    party       text        NOT NULL,
    channel     text        NOT NULL,
    state       text        NOT NULL
        CHECK (state IN ('waiting', 'delivered', 'failed', 'cancelled')),
    tries       integer     NOT NULL DEFAULT 0,
    created_at  timestamptz NOT NULL,
    next_at     timestamptz,
    ended_at    timestamptz,
    problem     text,
    CONSTRAINT notice_deliveries_pkey PRIMARY KEY (delivery_id)
);
CREATE INDEX notice_deliveries_case ON notice_deliveries (case_id, position);
CREATE INDEX notice_deliveries_waiting ON notice_deliveries (created_at)
    WHERE state = 'waiting';
CREATE INDEX notice_deliveries_failed ON notice_deliveries (ended_at)
    WHERE state = 'failed';

GRANT SELECT, INSERT, UPDATE ON notice_deliveries TO redress_app;
