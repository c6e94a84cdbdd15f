-- Ids are given by the sequence, from 1 on; INSERT … OVERRIDING SYSTEM VALUE needs no
-- more than the right to insert. NOT VALID: no scan of a big table under a lock, and an
-- event that is there already is for `redress verify` to name, not for this to stop at.
ALTER TABLE events ADD CONSTRAINT events_notification_id_check
    CHECK (notification_id > 0) NOT VALID;
