/** W&B sweep files, cases C141-C166: commands; what the agent, the controller and the wire do is tested there. */
import { Float, type Params } from '@sweep/optimizer';
import { describe, expect, it } from 'vitest';
import { accepted, any, outcome, random, refused, testedElsewhere } from '../../testing/conformance.js';
import { defaultCommand, expandCommand } from '../index.js';

const host = {
  environment: (name: string) => (name === 'FOO' ? 'bar' : undefined),
  argsJsonFile: (json: string) => `file of ${json}`,
  platform: 'linux',
};
const argv = (command: readonly string[], params: Params, platform = 'linux'): string[] =>
  expandCommand(command, { ...host, platform, program: 'train.py', params });

describe('macros', () => {
  it('C141 the default command', () => {
    expect(argv(defaultCommand, { lr: 1e-5, flag: true })).toEqual(['/usr/bin/env', 'python', 'train.py', '--flag=True', '--lr=1e-05']);
    expect(argv(defaultCommand, {}, 'win32')).toEqual(['python', 'train.py']);
  });
  it('C142 boolean flags', () =>
    expect(argv(['${args_no_boolean_flags}'], { t: true, f: false, n: null, c: 1 })).toEqual(['--c=1', '--n=None', '--t']));
  it('C143 no equals sign', () => expect(argv(['${args_no_equals}'], { c: 1 })).toEqual(['--c', '1']));
  it('C144 hydra', () => {
    expect(argv(['${args_append_hydra}', '${args_override_hydra}', '${args_no_hyphens}'], { c: 1 })).toEqual(['+c=1', '++c=1', 'c=1']);
  });
  it('C145 nested params are one token', () => {
    const params = { d: { lr: 0.001, nadam: { beta: 0.9 } } };
    expect(argv(['${args}'], params)).toEqual(["--d={'lr': 0.001, 'nadam': {'beta': 0.9}}"]);
    expect(argv(['${args_json}'], params)).toEqual(['{"d": {"lr": 0.001, "nadam": {"beta": 0.9}}}']);
    expect(argv(['${args_json_file}'], params)).toEqual(['file of {"d": {"lr": 0.001, "nadam": {"beta": 0.9}}}']);
  });
  it('C146 lists and text', () => {
    expect(argv(['${args}'], { l: [1, 2.5, 'a'], s: 'a b', e: '' })).toEqual(['--e=', "--l=[1, 2.5, 'a']", '--s=a b']);
  });
  it('C147 floats', () => {
    expect(argv(['${args_no_hyphens}'], { a: 0.0001, b: 0.00001, c: new Float(1e16), d: new Float(16) })).toEqual([
      'a=0.0001',
      'b=1e-05',
      'c=1e+16',
      'd=16.0',
    ]);
  });
  it('C148 a parameter inside a token', () => {
    expect(argv(['--bs=${bs}', '--x=${other}'], { bs: new Float(16) })).toEqual(['--bs=16.0', '--x=${other}']);
    expect(outcome(random('{bs: {value: 1}}', 'command: ["--bs=${bs}"]'))).toEqual(accepted('N-MACRO'));
    expect(outcome(random(any, 'command: ["--bs=${bs}"]'))).toEqual(accepted());
  });
  it('C149 an unknown macro', () => {
    expect(outcome(random(any, 'command: ["${foo}"]'))).toEqual(refused('E-MACRO'));
    expect(() => argv(['${foo}'], {})).toThrow(/foo/);
  });
  it('C150 variables of the environment', () => {
    expect(argv(['${envvar:FOO}/x', '${envvar:NOPE}', 'x${envvar:foo}'], {})).toEqual(['bar/x', 'NOPE', 'x${envvar:foo}']);
  });
  it('C151 no macro for params', () => expect(argv(['python', '${program}'], { lr: 1 })).toEqual(['python', 'train.py']));
  it('C152 expanded in place', () => expect(argv(['a', '${args}', 'b'], { x: 1, y: 2 })).toEqual(['a', '--x=1', '--y=2', 'b']));
  it('C153 program used and not set', () => {
    expect(outcome(`method: random\nparameters: ${any}\ncommand: ["\${program}"]`)).toEqual(refused('E-PROGRAM'));
  });
  it('a module is two tokens', () => {
    expect(outcome(`program: -m pkg.train\nmethod: random\nparameters: ${any}`)).toEqual(accepted('N-MODULE'));
    expect(expandCommand(['python', '${program}'], { ...host, program: '-m pkg.train', params: {} })).toEqual([
      'python',
      '-m',
      'pkg.train',
    ]);
  });
  it('a key __proto__ is a key like any other', () => {
    const params = Object.fromEntries([['__proto__', 1]]);
    expect(argv(['${args}', '${args_json}'], params)).toEqual(['--__proto__=1', '{"__proto__": 1}']);
  });
});

testedElsewhere('tested in apps/agent', 'C154 what the child sees', 'C155 failures at the start', 'C156 killed children', 'C157 --count');
testedElsewhere(
  'tested in apps/controller/src/wandb/agents and test/wandb/sweeps.test.ts',
  'C158 stop and exit',
  'C160 ended sweeps',
  'C166 preempted runs',
);
testedElsewhere('tested in apps/controller', 'C161 updates');
testedElsewhere('tested in libs/domain and apps/controller', 'C159 pause, resume, stop, cancel', 'C164 what run_cap counts', 'C165 target');
testedElsewhere('tested in apps/cli', 'C162 sweep paths', 'C163 precedence of the project');
