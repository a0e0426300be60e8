-- When the time of a version is over: a committed one is deleted then, a pending one given up, of a deleted one the rest is dropped.
ALTER TABLE artifact_versions ADD COLUMN expires_at bigint;
UPDATE artifact_versions SET expires_at = CASE state
  WHEN 'PENDING' THEN created_at + 691200000
  WHEN 'DELETED' THEN sweep_now() + 86400000
  ELSE CASE WHEN ttl_seconds > 0 THEN created_at + ttl_seconds * 1000 END
END;
CREATE INDEX artifact_versions_expiry ON artifact_versions (expires_at) WHERE expires_at IS NOT NULL;

-- When a client last asked for a content or sent it: it may be about to use it.
ALTER TABLE artifact_contents ADD COLUMN wanted_at bigint NOT NULL DEFAULT sweep_now();
CREATE INDEX artifact_contents_wanted ON artifact_contents (wanted_at);

-- Blobs that something referred to and does no more; nothing else may either.
CREATE TABLE garbage (
  place bigint GENERATED ALWAYS AS IDENTITY,
  blob text PRIMARY KEY,
  since bigint NOT NULL
);
CREATE INDEX garbage_since ON garbage (since);
