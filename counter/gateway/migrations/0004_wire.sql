-- Each signed request is answered once: its nonce is kept until its signature would be too old anyway.
CREATE TABLE nonce (
    branch text NOT NULL, counter text NOT NULL, nonce text NOT NULL, expires_at timestamptz NOT NULL,
    PRIMARY KEY (branch, counter, nonce));
CREATE INDEX nonce_expires_at ON nonce (expires_at);
-- Codes expire, and a counter's are void after a few wrong tries; those of before are good for one more day.
ALTER TABLE enrolment_code ADD COLUMN expires_at timestamptz NOT NULL DEFAULT now() + interval '1 day';
ALTER TABLE enrolment_code ADD COLUMN tries int NOT NULL DEFAULT 0;
-- A key that is enrolled is replaced by nothing but a new enrolment after it was revoked.
ALTER TABLE counter ADD COLUMN revoked_at timestamptz;
CREATE TABLE enrolment_note (
    branch text NOT NULL, counter text NOT NULL, id text NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp(),
    action text NOT NULL, public_key text NOT NULL,
    PRIMARY KEY (branch, counter, id));
-- To which mobile (a keyed digest of it) and by which counter codes were sent in the last hour.
CREATE TABLE sms_sent (
    id text PRIMARY KEY, branch text NOT NULL, counter text NOT NULL, mobile text NOT NULL,
    at timestamptz NOT NULL DEFAULT now());
CREATE INDEX sms_sent_mobile ON sms_sent (mobile);
CREATE INDEX sms_sent_counter ON sms_sent (branch, counter);
