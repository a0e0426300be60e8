import { parseExpression } from '@sweep/api';
import { expect, it } from 'vitest';
import { anyCase } from './run-table-queries.js';

it.each([
  ['ResNet-50', 'my resnet-50 run', true],
  ['a.b', 'axb', false],
  ['(x|y)*', 'it is (X|Y)* again', true],
  ['back\\slash "quoted"', 'BACK\\SLASH "QUOTED"', true],
  ['größe 1', 'GRÖSSE 1', false],
  ['größe 1', 'Größe 1', true],
])('%s in %s: %s', (text, name, found) => {
  expect(new RegExp(anyCase(text)).test(name)).toBe(found);
  expect(parseExpression(`name ~ ${JSON.stringify(anyCase(text))}`)).toMatchObject({ ok: true, expression: { pattern: anyCase(text) } });
});
