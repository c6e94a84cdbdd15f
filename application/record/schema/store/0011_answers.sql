-- The first answer to a request that is no command on a case, such as a grant: the same
-- request under the same key is answered with it again.
ALTER TABLE requests ADD COLUMN answer bytea;
