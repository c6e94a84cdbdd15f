-- What a mediator has written of a decision so far, before it is issued or handed over.
-- No part of the record: each person's own, sealed under the key of the buyer, so that
-- an erasure reaches it. It is deleted when the decision is sent.
CREATE TABLE ruling_drafts (
    case_id  uuid        NOT NULL,
    platform text        NOT NULL,
    person   text        NOT NULL,
    key_id   uuid        NOT NULL,
    sealed   text        NOT NULL,
    version  integer     NOT NULL,
    saved_at timestamptz NOT NULL,
    CONSTRAINT ruling_drafts_pkey PRIMARY KEY (case_id, platform, person)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON ruling_drafts TO redress_app, redress_api;

ALTER TABLE ruling_drafts ENABLE ROW LEVEL SECURITY;
CREATE POLICY application ON ruling_drafts TO redress_app USING (true);
CREATE POLICY own ON ruling_drafts TO redress_api USING (
    (SELECT current_setting('redress.role', true)) IN ('mediator', 'supervisor')
    AND platform = (SELECT current_setting('redress.platform', true))
    AND person = (SELECT current_setting('redress.subject', true))
    AND EXISTS (SELECT 1 FROM case_parties p
        WHERE p.case_id = ruling_drafts.case_id));
