-- When a counter last had a business date recounted, and whether it matched: what the status page shows.
CREATE TABLE day_close (
    branch text NOT NULL, counter text NOT NULL, business_date date NOT NULL, at timestamptz NOT NULL,
    matched boolean NOT NULL,
    PRIMARY KEY (branch, counter, business_date));
CREATE INDEX day_close_date ON day_close (business_date);
