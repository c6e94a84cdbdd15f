-- Tokens that are refused although they have not expired: one by its id (`jti`), or all
-- that a subject was given until `revoked_at`. `platform` is NULL for a subject whose
-- tokens are of no platform.
CREATE TABLE revocations (
    number     bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    jti        text,
    platform   text,
    subject    text,
    reason     text        NOT NULL,
    revoked_by text        NOT NULL,
    revoked_at timestamptz NOT NULL,
    CONSTRAINT revocations_pkey PRIMARY KEY (number),
    CONSTRAINT revocations_one CHECK ((jti IS NULL) <> (subject IS NULL))
);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON revocations
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE revocations ENABLE ALWAYS TRIGGER append_only;

GRANT SELECT, INSERT ON revocations TO redress_app;
