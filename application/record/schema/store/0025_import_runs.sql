-- Each import has a record of its own, also two of one file at once: who began it, of
-- what, and what came of it. `source` is the hash of mapping and files, by which an
-- import that was interrupted is found again; `mapping` and `digests` are those alone. Its first and last
-- event say where its events lie in the ledger.
ALTER TABLE imports DROP CONSTRAINT imports_pkey;
ALTER TABLE imports ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid();
ALTER TABLE imports ADD COLUMN system text NOT NULL DEFAULT '';
ALTER TABLE imports ADD COLUMN platform text NOT NULL DEFAULT '';
ALTER TABLE imports ADD COLUMN begun_by text NOT NULL DEFAULT '';
ALTER TABLE imports ADD COLUMN began_at timestamptz;
ALTER TABLE imports ADD COLUMN ended_at timestamptz;
ALTER TABLE imports ADD COLUMN mapping bytea;
ALTER TABLE imports ADD COLUMN digests jsonb NOT NULL DEFAULT '{}';
ALTER TABLE imports ADD COLUMN grown bigint NOT NULL DEFAULT 0;
ALTER TABLE imports ADD COLUMN present bigint NOT NULL DEFAULT 0;
ALTER TABLE imports ADD COLUMN skipped bigint NOT NULL DEFAULT 0;
ALTER TABLE imports ADD COLUMN first_case uuid;
ALTER TABLE imports ADD COLUMN first_version bigint;
ALTER TABLE imports ADD COLUMN last_case uuid;
ALTER TABLE imports ADD COLUMN last_version bigint;
ALTER TABLE imports ADD CONSTRAINT imports_pkey PRIMARY KEY (id);
CREATE INDEX imports_source ON imports (source);
