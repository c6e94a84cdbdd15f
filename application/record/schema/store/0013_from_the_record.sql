-- What is decided about a person is decided from the events themselves, so their filings
-- are found by party. The pattern reads the bytes as the encoder writes them; encode()
-- makes one ASCII form of every byte, and 200 characters fit into an index row however
-- long a name is. Whoever looks decodes what was found.
CREATE INDEX events_buyer ON events
    (left(substring(encode(state, 'escape') FROM '"buyer":"([^"]*)"'), 200))
    WHERE topic = 'filed';
CREATE INDEX events_seller ON events
    (left(substring(encode(state, 'escape') FROM '"seller":"([^"]*)"'), 200))
    WHERE topic = 'filed';

-- Filings that the patterns could misread: with a backslash, with spaces between tokens,
-- or with a name twice. Whoever looks for a person reads all of these few.
CREATE INDEX events_filed_otherwise ON events (notification_id)
    WHERE topic = 'filed' AND (position('\x5c'::bytea IN state) > 0
        OR encode(state, 'escape')
            ~ '"(buyer|seller)"(\s|:\s)|"buyer":.*"buyer":|"seller":.*"seller":');

-- The audit of views: for each view, when the last whole round ended, how far the view
-- was then, how many rows were compared, and the first row that differs from the record.
CREATE TABLE view_rounds (
    view       text        NOT NULL,
    ended_at   timestamptz,
    position   bigint      NOT NULL,
    compared   bigint      NOT NULL,
    finding    text,
    found_at   timestamptz,
    CONSTRAINT view_rounds_pkey PRIMARY KEY (view),
    CONSTRAINT view_rounds_finding CHECK ((finding IS NULL) = (found_at IS NULL))
);
GRANT SELECT, INSERT, UPDATE ON view_rounds TO redress_app;
