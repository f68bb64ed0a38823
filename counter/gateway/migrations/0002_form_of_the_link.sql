-- By which form an entry's hash is computed (counter.rules.chain); what was there before is of the first.
ALTER TABLE entry ADD COLUMN form int NOT NULL DEFAULT 1;
