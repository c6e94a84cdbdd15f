-- What an order line has had back is counted over all its cases, and a filing is held to
-- the buyer's earlier ones: both are found in the filings themselves, by order. The
-- pattern reads the bytes as the encoder writes them (see 0013_from_the_record.sql).
CREATE INDEX events_order ON events
    (left(substring(encode(state, 'escape') FROM '"order":"([^"]*)"'), 200))
    WHERE topic = 'filed';

-- Filings whose order the pattern could misread: with a backslash in it, or spaces
-- between tokens. Other texts of a filing may hold backslashes: a title has its quotes.
CREATE INDEX events_order_otherwise ON events (notification_id)
    WHERE topic = 'filed'
        AND encode(state, 'escape') ~ '"order"(\s|:\s)|"order":"[^"]*\\\\';
