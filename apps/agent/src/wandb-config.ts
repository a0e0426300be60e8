/**
 * The params in the file behind `WANDB_SWEEP_PARAM_PATH`: `name: {value: …}`, as W&B's agent writes it.
 *
 * It is read by PyYAML, whose YAML 1.1 takes `1e-05` for text: a float needs its dot. Source: `wandb/wandb_agent.py` and
 * `wandb/sdk/lib/config_util.py` (`save_config_file_from_dict`, `dict_from_config_file`).
 */
import { Float, isDict, isList, type Params, type ParamValue } from '@sweep/optimizer';

export function wandbConfig(params: Params): string {
  const names = Object.keys(params).sort();
  return `wandb_version: 1\n${names.map((name) => `${JSON.stringify(name)}:\n  value: ${yamlValue(params[name]!)}\n`).join('')}`;
}

/** Flow style, on one line. */
function yamlValue(value: ParamValue): string {
  if (value === null) return 'null';
  if (value instanceof Float) return yamlFloat(value.value);
  if (typeof value === 'number') return Number.isInteger(value) ? String(BigInt(value)) : yamlFloat(value);
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  // A JSON text is a YAML double-quoted one, but for the two line separators that YAML would fold.
  if (typeof value === 'string')
    return JSON.stringify(value).replace(/[\u0085\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
  if (isList(value)) return `[${value.map(yamlValue).join(', ')}]`;
  if (isDict(value))
    return `{${Object.entries(value)
      .map(([name, inner]) => `${JSON.stringify(name)}: ${yamlValue(inner)}`)
      .join(', ')}}`;
  throw new TypeError('not a parameter value');
}

function yamlFloat(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  const [mantissa = '', exponent] = String(value).split('e');
  const dotted = mantissa.includes('.') ? mantissa : `${mantissa}.0`;
  if (exponent === undefined) return dotted;
  return `${dotted}e${exponent.startsWith('-') ? '' : '+'}${exponent.replace('+', '')}`;
}
