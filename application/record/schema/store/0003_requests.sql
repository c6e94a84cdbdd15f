-- A command that changes nothing uses its key too: left_at is then the version of the
-- case that it was answered with. For commands that append, their facts say it.

ALTER TABLE requests ADD COLUMN left_at bigint;
