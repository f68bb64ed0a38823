-- The tables that a province began with. A database without a version has some or all of them already.
CREATE TABLE IF NOT EXISTS counter (
    branch text NOT NULL, counter text NOT NULL, public_key text NOT NULL,
    enrolled_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (branch, counter));
CREATE TABLE IF NOT EXISTS enrolment_code (
    digest text PRIMARY KEY, branch text NOT NULL, counter text NOT NULL, used_for text);
CREATE TABLE IF NOT EXISTS person (
    kind text NOT NULL, number text NOT NULL, name text NOT NULL, photo bytea,
    PRIMARY KEY (kind, number));
CREATE TABLE IF NOT EXISTS dossier (
    kind text NOT NULL, number text NOT NULL, content jsonb NOT NULL, PRIMARY KEY (kind, number));
CREATE INDEX IF NOT EXISTS dossier_content ON dossier USING gin (content jsonb_path_ops);
CREATE TABLE IF NOT EXISTS photo_receipt (
    receipt text PRIMARY KEY, kind text NOT NULL, number text NOT NULL, photo bytea NOT NULL, expires_on date);
CREATE TABLE IF NOT EXISTS sms (
    ticket text PRIMARY KEY, digest text NOT NULL, expires_at timestamptz NOT NULL, attempts int NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS entry (
    branch text NOT NULL, counter text NOT NULL, id text NOT NULL, seq bigint NOT NULL, business_date date NOT NULL,
    recorded_at timestamptz NOT NULL, kind text NOT NULL, fee_fen bigint NOT NULL, maker text NOT NULL, checker text,
    reverses text, body bytea NOT NULL, salt bytea NOT NULL, body_digest text NOT NULL, previous text NOT NULL,
    hash text NOT NULL, algorithm text NOT NULL, outcome text NOT NULL, code text NOT NULL, rule text NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (branch, counter, id), UNIQUE (branch, counter, seq));
CREATE UNIQUE INDEX IF NOT EXISTS entry_reversed_once ON entry (branch, counter, reverses)
    WHERE reverses IS NOT NULL AND outcome = 'created';
CREATE TABLE IF NOT EXISTS act (
    branch text NOT NULL, counter text NOT NULL, id text NOT NULL, changes jsonb NOT NULL,
    PRIMARY KEY (branch, counter, id));
CREATE TABLE IF NOT EXISTS photo (
    branch text NOT NULL, digest text NOT NULL, jpeg bytea NOT NULL, PRIMARY KEY (branch, digest));
CREATE TABLE IF NOT EXISTS event (
    branch text NOT NULL, counter text NOT NULL, cursor bigint NOT NULL, kind text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(), entry text NOT NULL, code text NOT NULL, detail text NOT NULL,
    PRIMARY KEY (branch, counter, cursor));
CREATE TABLE IF NOT EXISTS day_receipt (
    branch text NOT NULL, counter text NOT NULL, business_date date NOT NULL, last_seq bigint NOT NULL,
    receipt bytea NOT NULL, signature text NOT NULL,
    PRIMARY KEY (branch, counter, business_date, last_seq));
