// Ignores SIGTERM and starts a grandchild in a session of its own that ignores it too.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';

process.on('SIGTERM', () => console.log('no'));
const grandchild = spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)'], {
  detached: true,
  stdio: 'ignore',
});
grandchild.unref();
writeFileSync(`${process.env.SWEEP_OUTPUT_DIR}/pids`, `${process.pid} ${grandchild.pid}`);
setInterval(() => {}, 1000);
