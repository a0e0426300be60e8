-- A client that logs the same content again gives the version one more name, and refers to it by that.
CREATE TABLE artifact_client_ids (
  place bigint GENERATED ALWAYS AS IDENTITY,
  client_id text PRIMARY KEY,
  version_id text NOT NULL REFERENCES artifact_versions ON DELETE CASCADE
);
CREATE INDEX artifact_client_ids_version ON artifact_client_ids (version_id);
INSERT INTO artifact_client_ids (client_id, version_id)
SELECT client_id, id FROM artifact_versions WHERE client_id IS NOT NULL ORDER BY place
ON CONFLICT DO NOTHING;

-- A controller of the version before still writes the column while the two run beside each other.
CREATE FUNCTION sweep_keep_client_id() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO artifact_client_ids (client_id, version_id) VALUES (NEW.client_id, NEW.id) ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$;
CREATE TRIGGER artifact_versions_client_id AFTER INSERT ON artifact_versions
FOR EACH ROW WHEN (NEW.client_id IS NOT NULL) EXECUTE FUNCTION sweep_keep_client_id();
