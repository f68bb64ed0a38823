-- Who made an entry and who checked it have signed it (counter.rules.signers), and which home of the counter it is from.
ALTER TABLE entry ADD COLUMN incarnation bigint NOT NULL DEFAULT 0;
ALTER TABLE entry ADD COLUMN maker_signature bytea NOT NULL DEFAULT '';
ALTER TABLE entry ADD COLUMN checker_signature bytea NOT NULL DEFAULT '';
-- The keys of a counter's operators that are believed, in the order in which they came.
CREATE TABLE signer (
    branch text NOT NULL, counter text NOT NULL, public_key text NOT NULL, place int NOT NULL, operator text NOT NULL,
    role text NOT NULL, made_at timestamptz NOT NULL, voucher text NOT NULL, signature bytea NOT NULL,
    PRIMARY KEY (branch, counter, public_key));
-- Since when a counter signs: its last entry before that, and who was there before.
CREATE TABLE signed_since (
    branch text NOT NULL, counter text NOT NULL, unsigned bigint NOT NULL, before text[] NOT NULL,
    PRIMARY KEY (branch, counter));
