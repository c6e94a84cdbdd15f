-- What a buyer has typed of a filing before it is sent, so that each step has an address.
-- No part of the record: each person's own, sealed under the key of the buyer, so that an
-- erasure reaches it. It is deleted when the case is filed.
CREATE TABLE filing_drafts (
    platform text        NOT NULL,
    person   text        NOT NULL,
    draft    uuid        NOT NULL,
    key_id   uuid        NOT NULL,
    sealed   text        NOT NULL,
    saved_at timestamptz NOT NULL,
    CONSTRAINT filing_drafts_pkey PRIMARY KEY (platform, person, draft)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON filing_drafts TO redress_app, redress_api;

ALTER TABLE filing_drafts ENABLE ROW LEVEL SECURITY;
CREATE POLICY application ON filing_drafts TO redress_app USING (true);
CREATE POLICY own ON filing_drafts TO redress_api USING (
    (SELECT current_setting('redress.role', true)) = 'buyer'
    AND platform = (SELECT current_setting('redress.platform', true))
    AND person = (SELECT current_setting('redress.subject', true)));
