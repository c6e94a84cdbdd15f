-- What each view holds, kept as it is written: rows, and the sum of their hashes, which
-- does not depend on their order. A rebuilt view is compared with the live one by it.

ALTER TABLE followers
    ADD COLUMN rows     bigint  NOT NULL DEFAULT 0,
    ADD COLUMN checksum numeric NOT NULL DEFAULT 0;

-- What changes in a batch is noted in temporary tables before it is added up. An
-- installation may have taken this right from everybody.
DO $$ BEGIN
    EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO redress_app', current_database());
END $$;
