-- How many cases were filed for a buyer in a day, for the limit that all processes keep.
-- No part of the record: rows of earlier days are deleted.
CREATE TABLE filing_counts (
    platform text NOT NULL,
    buyer text NOT NULL,
    day date NOT NULL,
    used integer NOT NULL,
    PRIMARY KEY (platform, buyer, day)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON filing_counts TO redress_app;
