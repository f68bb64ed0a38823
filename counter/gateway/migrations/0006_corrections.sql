-- Which entry corrects one that came back (counter.gateway.ledger.corrections): each is corrected once.
CREATE TABLE correction (
    branch text NOT NULL, counter text NOT NULL, returned text NOT NULL, entry text NOT NULL,
    PRIMARY KEY (branch, counter, returned));
