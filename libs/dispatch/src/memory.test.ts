import { dispatchContract } from '@sweep/dispatch/testing';
import { describe } from 'vitest';
import { type Dispatch, MemoryServer, openMemoryDispatch } from './index.js';

describe('in memory', () => {
  dispatchContract(async () => {
    const server = new MemoryServer();
    const opened: Dispatch[] = [];
    return {
      offerLockMs: 300,
      async controller() {
        const dispatch = openMemoryDispatch({ server, offerLockMs: 300 });
        opened.push(dispatch);
        return dispatch;
      },
      async close() {
        await Promise.all(opened.map((dispatch) => dispatch.close()));
      },
    };
  });
});
