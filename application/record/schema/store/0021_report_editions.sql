-- Reports that were published, each as it was then: a correction is another edition.
-- `manifest` and `public` are what everyone may read, as bytes that their digests name.
CREATE TABLE report_editions (
    name         text        NOT NULL,
    edition      integer     NOT NULL,
    manifest     bytea       NOT NULL,
    public       bytea       NOT NULL,
    published_at timestamptz NOT NULL,
    CONSTRAINT report_editions_pkey PRIMARY KEY (name, edition),
    CONSTRAINT report_editions_edition CHECK (edition > 0)
);

-- The whole report behind an edition, with its small numbers. Requests do not read it.
-- `salt` keeps them from being guessed by the commitment in the manifest.
CREATE TABLE report_originals (
    name         text    NOT NULL,
    edition      integer NOT NULL,
    report       bytea   NOT NULL,
    salt         bytea   NOT NULL,
    published_by text    NOT NULL,
    CONSTRAINT report_originals_pkey PRIMARY KEY (name, edition),
    CONSTRAINT report_originals_edition FOREIGN KEY (name, edition)
        REFERENCES report_editions (name, edition),
    CONSTRAINT report_originals_salted CHECK (octet_length(salt) = 32)
);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON report_editions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE report_editions ENABLE ALWAYS TRIGGER append_only;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON report_originals
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE report_originals ENABLE ALWAYS TRIGGER append_only;

GRANT SELECT, INSERT ON report_editions, report_originals TO redress_app;
GRANT SELECT ON report_editions TO redress_api;
