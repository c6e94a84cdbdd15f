-- Which imports are set aside: asked for by one person, approved by another, and done
-- when all of its cases are. What counts are the events in the cases; this row says how
-- far it is.
CREATE TABLE import_withdrawals (
    import_id    uuid        NOT NULL,
    basis        text        NOT NULL,
    requested_by text        NOT NULL,
    requested_at timestamptz NOT NULL,
    approved_by  text,
    approved_at  timestamptz,
    done_at      timestamptz,
    cases        bigint,
    CONSTRAINT import_withdrawals_pkey PRIMARY KEY (import_id),
    CONSTRAINT import_withdrawals_of FOREIGN KEY (import_id) REFERENCES imports (id),
    CONSTRAINT import_withdrawals_two CHECK (approved_by IS DISTINCT FROM requested_by)
);
GRANT SELECT, INSERT, UPDATE ON import_withdrawals TO redress_app;
