/** Stands beside the fake controller's program where the real one has its own: prints a new key. */
import { argv } from 'node:process';

if (argv.at(-1) === '/nowhere') process.exit(1);
console.log(JSON.stringify({ event: 'key', user: 'me', key: 'n'.repeat(40) }));
