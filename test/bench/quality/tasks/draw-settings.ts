/** Random settings of a space with conditions, for the landscapes of tasks that are no full grid. */
import { float, type Params, type ParamValue } from '@sweep/optimizer';
import { type Setting, settingOf, type TaskParameter } from './parameter.js';
import { scanPoints, scanSize } from './scan.js';
import { type Landscape, landscapeOf } from './task.js';

/** The losses at every point of the scan. */
export function scanSettings(parameters: readonly TaskParameter[], loss: (setting: Setting) => number, best: number): Landscape {
  const points = scanPoints(parameters.length);
  const losses = Float64Array.from({ length: scanSize }, (_, row) =>
    loss(settingAt(parameters, points.subarray(row * parameters.length, (row + 1) * parameters.length))),
  );
  return landscapeOf(losses, best);
}

/** The point of the unit cube as a setting; parameters that do not exist there are null. */
export function settingAt(parameters: readonly TaskParameter[], point: ArrayLike<number>): Setting {
  const entries = parameters.map((parameter, index): [string, ParamValue] => [parameter.name, valueAt(parameter, point[index]!)]);
  return settingOf(parameters, Object.fromEntries(entries) as Params);
}

function valueAt(parameter: TaskParameter, u: number): ParamValue {
  if (parameter.kind === 'choice') return parameter.values[Math.floor(u * parameter.values.length)]!;
  const { kind, min, max, log } = parameter;
  if (kind === 'int' && !log) return min + Math.floor(u * (max - min + 1));
  const x = log ? Math.exp(Math.log(min) + u * Math.log(max / min)) : min + u * (max - min);
  return kind === 'int' ? Math.round(x) : float(x);
}
