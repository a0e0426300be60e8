import { describe, expect, it } from 'vitest';
import { resumeStatus } from './resume.js';

describe('what a client is told to continue a run', () => {
  const stored = {
    config: '{"lr":{"value":0.1},"_wandb":{"value":{"t":{"4":"3.11"}}}}',
    summary: '{"loss":NaN}',
    historyTail: ['{"_step":9,"loss":NaN}'],
    eventsTail: [],
    historyLineCount: 10,
    eventsLineCount: 0,
    logLineCount: 3,
  };

  it('holds the ends of its streams as a list of texts, and where each goes on', () => {
    const status = resumeStatus(stored);
    expect(JSON.parse(status.historyTail)).toEqual(['{"_step":9,"loss":NaN}']);
    expect(status.eventsTail).toBe('[]');
    expect([status.historyLineCount, status.eventsLineCount, status.logLineCount]).toEqual([10, 0, 3]);
  });

  it('holds config and summary word for word', () => {
    expect(resumeStatus(stored)).toMatchObject({ config: stored.config, summaryMetrics: '{"loss":NaN}' });
  });

  it('shows that a program began the run, by the parts that it asks for', () => {
    expect(resumeStatus(stored).wandbConfig({ keys: ['t'] })).toBe('{"t":{"4":"3.11"}}');
    expect(resumeStatus({ ...stored, config: '{"lr":{"value":0.1}}' }).wandbConfig({ keys: ['t'] })).toBe('{}');
  });

  it('is never null, even of a run without anything', () => {
    expect(resumeStatus({ ...stored, config: null, summary: null })).toMatchObject({ config: '{}', summaryMetrics: '{}' });
  });
});
