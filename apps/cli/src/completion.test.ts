import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { catalog } from './catalog.js';
import { completionScript } from './completion.js';
import { createWholeProgram } from './program.js';

const program = await createWholeProgram();

/** What bash would offer for these words, the last one being typed. */
function offered(...words: string[]): string[] {
  const script = `${completionScript('bash', program)}
COMP_WORDS=(sweep ${words.map((word) => `'${word}'`).join(' ')})
COMP_CWORD=${words.length}
_sweep
printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', script], { encoding: 'utf8' }).trim().split('\n');
}

describe('completion', () => {
  it('offers every command', () => expect(offered('')).toEqual(expect.arrayContaining(catalog.map(({ name }) => name))));
  it('offers what begins like the word', () => expect(offered('cr')).toEqual(['create']));
  it('offers the flags of a command, after arguments too', () => {
    expect(offered('create', '--pri')).toEqual(['--prior-run']);
    expect(offered('create', 'sweep.yaml', '--wa')).toEqual(['--wait']);
  });
  it('offers the commands below a command', () => expect(offered('agents', 'd')).toEqual(['drain']));
  it('is not led astray by an argument that is also a command', () => expect(offered('show', 'agents', '--rev')).toEqual(['--revisions']));

  it('for zsh and fish names the commands with what they do', () => {
    expect(completionScript('zsh', program)).toContain("'watch:watch a sweep live'");
    expect(completionScript('fish', program)).toContain("-a watch -d 'watch a sweep live'");
  });
});

describe('help', () => {
  it('of every command shows two examples', async () => {
    for (const command of program.commands.flatMap((each) => [each, ...each.commands])) {
      if (command.name() === 'help') continue;
      let text = '';
      command.configureOutput({ writeOut: (part) => (text += part) }).outputHelp();
      expect(
        text.split('\n').filter((line) => line.startsWith('  $ ')),
        command.name(),
      ).toHaveLength(2);
    }
  });
});
