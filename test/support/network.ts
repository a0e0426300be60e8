/**
 * Several hosts on one machine: each a network namespace, joined by networks that are bridges in a namespace of their own, so that nothing
 * of this machine's own network is touched or seen. Needs Linux and the right to make namespaces; otherwise the answer is why to skip.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { isAlive, type Started, type StartOptions, start } from './processes.js';

export interface Host {
  start(command: string, args: readonly string[], options: StartOptions): Started;
  /** Plugs its cable into a network, or pulls it out. */
  cable(network: string, plugged: boolean): void;
}

export interface Attachment {
  /** With the length of its prefix. */
  readonly address: string;
  /** For a host that takes over another's address, so that nobody need learn anew where it is. */
  readonly hardware?: string;
  readonly plugged?: boolean;
}

export interface Network {
  host(name: string, attachments: Readonly<Record<string, Attachment>>): Host;
  /** What ran in them has ended before. */
  close(): void;
}

const mark = 'sweep-test-';
const bridgesOf = 'switch';

/** @param networks names of at most 8 characters */
export function makeNetwork(networks: readonly string[]): Network | { readonly skip: string } {
  removeDead();
  const namespaces: string[] = [];
  const addNamespace = (name: string): string => {
    const namespace = `${mark}${process.pid}-${name}`;
    ip('netns', 'add', namespace);
    namespaces.push(namespace);
    ip('-n', namespace, 'link', 'set', 'lo', 'up');
    return namespace;
  };
  const close = (): void => {
    for (const namespace of namespaces.splice(0)) ip('netns', 'del', namespace);
  };
  let bridges: string;
  try {
    bridges = addNamespace(bridgesOf);
    for (const network of networks) {
      ip('-n', bridges, 'link', 'add', network, 'type', 'bridge');
      ip('-n', bridges, 'link', 'set', network, 'up');
    }
  } catch (error) {
    close();
    return { skip: `namespaces: network namespaces cannot be made here (${error instanceof Error ? error.message : String(error)})` };
  }
  let ports = 0;
  return {
    close,
    host(name, attachments) {
      const namespace = addNamespace(name);
      for (const [network, { address, hardware, plugged = true }] of Object.entries(attachments)) {
        const port = `port${ports++}`;
        ip('-n', bridges, 'link', 'add', port, 'type', 'veth', 'peer', 'name', network, 'netns', namespace);
        ip('-n', bridges, 'link', 'set', port, 'master', network, 'up');
        if (hardware !== undefined) ip('-n', namespace, 'link', 'set', network, 'address', hardware);
        ip('-n', namespace, 'address', 'add', address, 'dev', network);
        if (plugged) ip('-n', namespace, 'link', 'set', network, 'up');
      }
      return {
        // `ip netns exec` becomes the command: signals reach it.
        start: (command, args, options) => start('ip', ['netns', 'exec', namespace, command, ...args], options),
        cable: (network, plugged) => ip('-n', namespace, 'link', 'set', network, plugged ? 'up' : 'down'),
      };
    },
  };
}

/** Of test processes that were killed before they could clean up. */
function removeDead(): void {
  for (const name of namespacesHere()) {
    const pid = name.startsWith(mark) ? Number.parseInt(name.slice(mark.length), 10) : Number.NaN;
    if (!Number.isNaN(pid) && !isAlive(pid)) ip('netns', 'del', name);
  }
}

function namespacesHere(): readonly string[] {
  try {
    return readdirSync('/run/netns');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function ip(...args: readonly string[]): void {
  const { status, stderr, error } = spawnSync('ip', args, { encoding: 'utf8' });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`ip ${args.join(' ')}: ${stderr.trim()}`);
}
