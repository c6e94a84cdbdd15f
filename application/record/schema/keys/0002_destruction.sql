-- A key is retired first: nothing new is sealed with it. Then it is destroyed: its row
-- stays, without `wrapped`. Whoever holds keys in memory looks at key_changes, and
-- forgets them when it has moved.

ALTER TABLE data_keys ADD COLUMN retired_at timestamptz;
ALTER TABLE data_keys ADD COLUMN destroyed_at timestamptz;

DROP INDEX data_keys_subject_key;
CREATE UNIQUE INDEX data_keys_subject_key ON data_keys (subject)
    WHERE wrapped IS NOT NULL AND retired_at IS NULL;
CREATE INDEX data_keys_subject ON data_keys (subject);
CREATE INDEX data_keys_wrapped_by ON data_keys (wrapped_by, key_id)
    WHERE wrapped IS NOT NULL;

CREATE TABLE key_changes (
    one  boolean NOT NULL DEFAULT true CHECK (one),
    made bigint  NOT NULL,
    CONSTRAINT key_changes_pkey PRIMARY KEY (one)
);
INSERT INTO key_changes (made) VALUES (0);

-- A destroyed key never comes back, and no key becomes another subject's.
CREATE FUNCTION refuse_revival() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.wrapped IS NULL AND NEW.wrapped IS NOT NULL
        OR NEW.key_id <> OLD.key_id OR NEW.subject <> OLD.subject
        OR OLD.retired_at IS NOT NULL AND NEW.retired_at IS NULL THEN
        RAISE EXCEPTION 'key % cannot be changed so', OLD.key_id
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER no_revival BEFORE UPDATE ON data_keys
    FOR EACH ROW EXECUTE FUNCTION refuse_revival();
ALTER TABLE data_keys ENABLE ALWAYS TRIGGER no_revival;

GRANT SELECT, INSERT, UPDATE ON data_keys TO redress_app;
GRANT SELECT, UPDATE ON key_changes TO redress_app;
