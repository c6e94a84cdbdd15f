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
