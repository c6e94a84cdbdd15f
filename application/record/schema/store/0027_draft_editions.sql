-- Two windows may write one draft. Each saving gives it another edition, and says from
-- which window it came, so that none overwrites what it has not seen.
ALTER TABLE ruling_drafts
    ADD COLUMN edition uuid NOT NULL DEFAULT gen_random_uuid(),
    ADD COLUMN written_in text NOT NULL DEFAULT '';
