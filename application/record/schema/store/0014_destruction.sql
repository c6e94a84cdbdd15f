-- What is wrong with files of evidence, until they are right again: of the event of a
-- case that tells of the file.
CREATE TABLE file_flaws (
    case_id  uuid        NOT NULL,
    version  bigint      NOT NULL,
    flaw     text        NOT NULL,
    found_at timestamptz NOT NULL,
    CONSTRAINT file_flaws_pkey PRIMARY KEY (case_id, version)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON file_flaws TO redress_app;

-- From when on nothing on the installation's disks opens what was erased.
ALTER TABLE erasures ADD COLUMN final_at timestamptz;
