/** `prior` on a parameter: where the user believes the best value lies, and how strongly. */
import type { ParamValue, Prior } from '@sweep/optimizer';
import { Block } from '../extensions/block.js';
import type { Report } from '../findings.js';
import { choice, no, type Read, yes } from '../readers.js';
import type { Entry, Node } from '../yaml-dialect/tree.js';
import { memberOf } from './membership.js';
import type { Draft } from './names.js';

export function priorOf(entry: Entry, draft: Draft, report: Report): Prior | undefined {
  const path = [...draft.source.path, 'prior'];
  const block = Block.open(entry, path, ['around', 'confidence'], report);
  if (block === undefined) return undefined;
  const around = block.read('around', (node) => memberValue(node, draft));
  const confidence = block.read('confidence', choice(['low', 'medium', 'high'])) ?? 'medium';
  if (block.entry('around') === undefined) {
    const message = '`prior` needs `around`, the value that is believed to be good';
    report.add({ code: 'E-EXT-VALUE', at: entry.value.at, path, message });
  }
  return around === undefined ? undefined : { around, confidence };
}

function memberValue(node: Node, draft: Draft): Read<ParamValue> {
  if (draft.domain.kind === 'constant') return no('left out: the parameter has one value only');
  const member = memberOf(draft.domain, node);
  return member === undefined ? no(`a value that \`${draft.path.join('.')}\` can take`) : yes(member);
}
