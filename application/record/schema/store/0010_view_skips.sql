-- Events that a view, or the job of sellers' standings, passes over because two people
-- said so. What was approved stays: a rebuilt view has to pass over the same events.

CREATE TABLE view_skips (
    follower    text        NOT NULL,
    position    bigint      NOT NULL CHECK (position > 0),
    reason      text        NOT NULL,
    proposed_by text        NOT NULL,
    proposed_at timestamptz NOT NULL,
    approved_by text,
    approved_at timestamptz,
    CONSTRAINT view_skips_pkey PRIMARY KEY (follower, position),
    CONSTRAINT view_skips_two_people CHECK (approved_by <> proposed_by),
    CONSTRAINT view_skips_approval CHECK
        ((approved_by IS NULL) = (approved_at IS NULL))
);

CREATE FUNCTION refuse_other_skip() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.approved_by IS NULL
        AND (NEW.follower, NEW.position) = (OLD.follower, OLD.position) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a position that two people let a view pass over stays so'
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER approved_stays BEFORE UPDATE OR DELETE ON view_skips
    FOR EACH ROW EXECUTE FUNCTION refuse_other_skip();
ALTER TABLE view_skips ENABLE ALWAYS TRIGGER approved_stays;

GRANT SELECT, INSERT, UPDATE ON view_skips TO redress_app;
