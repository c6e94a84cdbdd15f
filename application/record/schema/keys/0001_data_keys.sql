-- One data key per subject, wrapped by a master key that is kept elsewhere. A key that
-- is destroyed keeps its row without `wrapped`, so that readers see a tombstone.

CREATE TABLE data_keys (
    key_id     uuid        NOT NULL,
    subject    text        NOT NULL,
    wrapped    bytea,
    wrapped_by text        NOT NULL,
    made_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT data_keys_pkey PRIMARY KEY (key_id)
);

CREATE UNIQUE INDEX data_keys_subject_key ON data_keys (subject)
    WHERE wrapped IS NOT NULL;

GRANT SELECT, INSERT ON data_keys TO redress_app;
