-- The keys with which the application signs events, as the log has endorsed them. What
-- anybody puts in here beside counts for nothing: it is the signature that is trusted.

CREATE TABLE statement_keys (
    vkey        text NOT NULL,
    endorsement text NOT NULL,
    CONSTRAINT statement_keys_pkey PRIMARY KEY (vkey, endorsement)
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON statement_keys
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE statement_keys ENABLE ALWAYS TRIGGER append_only;

GRANT SELECT, INSERT ON statement_keys TO redress_app;

-- Up to which size of the log the signatures of older keys count: signed notes, too.
CREATE TABLE log_key_ends (
    note text NOT NULL,
    CONSTRAINT log_key_ends_pkey PRIMARY KEY (note)
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log_key_ends
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE log_key_ends ENABLE ALWAYS TRIGGER append_only;
GRANT SELECT, INSERT ON log_key_ends TO redress_app;
