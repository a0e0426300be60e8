import { describe, expect, it } from 'vitest';
import { silentLogger } from './logger.js';
import { createShutdown } from './shutdown.js';

describe('a shutdown', () => {
  it('closes what was opened last first, once', async () => {
    const closed: string[] = [];
    const shutdown = createShutdown(silentLogger);
    shutdown.add('database', () => void closed.push('database'));
    shutdown.add('server', () => void closed.push('server'));
    await Promise.all([shutdown.run(), shutdown.run()]);
    expect(closed).toEqual(['server', 'database']);
  });

  it('goes on after a step that fails, and says which failed', async () => {
    const closed: string[] = [];
    const shutdown = createShutdown(silentLogger);
    shutdown.add('database', () => void closed.push('database'));
    shutdown.add('server', () => Promise.reject(new Error('stuck')));
    await expect(shutdown.run()).rejects.toMatchObject({ errors: [new Error('stuck')] });
    expect(closed).toEqual(['database']);
  });
});
