-- Browsers that signed in with a key: good for as long as the key is, and no longer than they say themselves.
CREATE TABLE sessions (
  hash text PRIMARY KEY,
  key_id text NOT NULL REFERENCES api_keys ON DELETE CASCADE,
  created_at bigint NOT NULL DEFAULT sweep_now(),
  expires_at bigint NOT NULL
);
CREATE INDEX sessions_key ON sessions (key_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);
