/**
 * Why a test of W&B's own does not pass. `relevant: false`: it asks for what this product does not offer, for what no server of another
 * maker has, or for what the machine lacks.
 */
const notHere = (tests, reason) => ({ tests, reason, relevant: false });
const ours = (tests, reason) => ({ tests, reason, relevant: true });

export const reasons = [
  ours(
    /test_offline_sync_beta::test_syncs_resumed_run$/,
    'A run that is announced without `resume` begins anew here, so that `wandb sync` twice gives the same data; segments of one online run that are synced together under a new id replace one another.',
  ),
  ours(
    /test_public_api::test_create_team$/,
    'It answers for the server that the team was made, and then reads it: an entity that was never made is null here.',
  ),
  notHere(/::test_storage_policy_storage_region$/, "It asks for the storage region of W&B's own container."),
  notHere(/::test_organization_by_name$/, 'There are no organizations.'),
  ours(
    /test_artifact_public_api::test_artifact_files$|::test_artifact_multipart_download_refresh_presigned_url$/,
    "It takes files to lie under `wandb_artifacts/`, the folder of W&B's own bucket.",
  ),
  notHere(
    new RegExp(
      [
        'test_misc2::test_reference_download$',
        '::test_wandb_artifact_(config_update|config_set_item|init_config)$',
        'test_object_references::(test_get_artifact_obj_by_name|test_table_slice_reference_artifact)$',
        '::test_media_obj_referential_equality\\[(table|joined_table|audio_ref_https|audio_ref_s3|audio_ref_gs)\\]$',
      ].join('|'),
    ),
    'It fetches from public buckets of W&B on the internet, which could not be reached.',
  ),
];
