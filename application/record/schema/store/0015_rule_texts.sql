-- The texts of rules by their SHA-256 (hex), which events and the log name. A text that
-- does not hash to its name counts for nothing, so that nobody has to be trusted here.

CREATE TABLE rule_texts (
    sha256  text  NOT NULL,
    content bytea NOT NULL,
    CONSTRAINT rule_texts_pkey PRIMARY KEY (sha256),
    CONSTRAINT rule_texts_content_check CHECK (encode(sha256(content), 'hex') = sha256)
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON rule_texts
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE rule_texts ENABLE ALWAYS TRIGGER append_only;

GRANT SELECT, INSERT ON rule_texts TO redress_app;
