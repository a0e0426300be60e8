/** The command as a process, from source: tests need no build. */
import { run } from '../src/main.ts';

await run();
