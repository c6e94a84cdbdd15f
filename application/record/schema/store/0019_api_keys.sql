-- Keys by which programs call. Of a key there is only a hash, under a key of the file of
-- bucket keys: whoever can write into this table makes no key that is taken. `platform`
-- is NULL for an overseer of all, `scopes` for all that the role may do.
CREATE TABLE api_keys (
    number       bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    key_id       text        NOT NULL,
    digest       bytea       NOT NULL,
    name         text        NOT NULL,
    role         text        NOT NULL,
    platform     text,
    subject      text        NOT NULL,
    scopes       text[],
    created_by   text        NOT NULL,
    creator_role text,
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    CONSTRAINT api_keys_pkey PRIMARY KEY (number),
    CONSTRAINT api_keys_id UNIQUE (key_id),
    CONSTRAINT api_keys_digest UNIQUE (digest),
    CONSTRAINT api_keys_hashed CHECK (octet_length(digest) = 32)
);

CREATE TABLE api_key_revocations (
    number       bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    key_id       text        NOT NULL,
    reason       text        NOT NULL,
    revoked_by   text        NOT NULL,
    revoker_role text,
    revoked_at   timestamptz NOT NULL,
    CONSTRAINT api_key_revocations_pkey PRIMARY KEY (number),
    CONSTRAINT api_key_revocations_key FOREIGN KEY (key_id) REFERENCES api_keys (key_id)
);
CREATE INDEX api_key_revocations_id ON api_key_revocations (key_id);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON api_keys
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE api_keys ENABLE ALWAYS TRIGGER append_only;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON api_key_revocations
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE api_key_revocations ENABLE ALWAYS TRIGGER append_only;

-- When a key was used last, to the minute. It is no record, only worth knowing.
CREATE TABLE api_key_uses (
    key_id  text        NOT NULL,
    used_at timestamptz NOT NULL,
    CONSTRAINT api_key_uses_pkey PRIMARY KEY (key_id),
    CONSTRAINT api_key_uses_key FOREIGN KEY (key_id) REFERENCES api_keys (key_id)
);

GRANT SELECT, INSERT ON api_keys, api_key_revocations TO redress_app;
GRANT SELECT, INSERT, UPDATE ON api_key_uses TO redress_app;
