-- When a client last asked where the run would go on: some take the answer to their first word for it.
ALTER TABLE runs ADD COLUMN resume_asked_at bigint;
