/** A virtual environment with a release of the client and what its own tests need; made once, kept in node_modules/.cache. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../bench/system.mjs';

/** Named by the tests beside those of requirements_test.txt. Without PyTorch and TensorFlow, whose tests say so and are skipped. */
const beside = [
  'click!=8.4.0,!=8.4.1,!=8.4.2',
  ...[
    'filelock',
    'cloudpickle',
    'Pillow',
    'polars',
    'matplotlib',
    'plotly',
    'bokeh',
    'soundfile',
    'tqdm',
    'ipython',
    'pyarrow',
    'moviepy~=1.0',
  ],
  ...[
    'imageio[ffmpeg]',
    'tenacity',
    'rdkit',
    'scikit-learn',
    'tensorboardx',
    'optuna',
    'google-cloud-storage',
    'pyyaml',
    'requests',
    'pydantic',
  ],
];

export async function environmentFor(version, checkout) {
  const cache = join(root, 'node_modules/.cache/wandb-upstream');
  const folder = join(cache, version);
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const made = join(cache, `environment-${process.pid}`);
  const install = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '-r',
    join(checkout, 'requirements/requirements_test.txt'),
  ];
  for (const [command, args] of [
    ['python3', ['-m', 'venv', made]],
    [join(made, 'bin/python'), [...install, `wandb==${version}`, ...beside]],
  ]) {
    const { status } = spawnSync(command, args, { stdio: 'inherit' });
    if (status !== 0) {
      await rm(made, { recursive: true, force: true });
      throw new Error(`no environment for wandb ${version}: "${command} ${args.join(' ')}" ended with ${status}`);
    }
  }
  // Scripts of an environment hold its path, so it stays where it was made.
  await symlink(made, `${made}.link`);
  await rename(`${made}.link`, folder);
  return folder;
}
