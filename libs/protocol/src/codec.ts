/** Series between the domain's packed arrays and the wire's lists; both directions. NaN and ±Infinity are values and pass unchanged. */
import { Invalid, type Series } from '@sweep/domain';
import type { Series as WireSeries } from './gen/sweep/v1/agent.js';

export function packSeries(series: readonly Series[]): WireSeries[] {
  return series.map(({ name, steps, values, times }) => ({
    name,
    steps: Array.from(steps),
    values: Array.from(values),
    times: Array.from(times),
  }));
}

/** @throws Invalid when the columns of a series differ in length */
export function unpackSeries(series: readonly WireSeries[]): Series[] {
  return series.map(({ name, steps, values, times }) => {
    if (steps.length !== values.length || times.length !== values.length) {
      throw new Invalid(
        `series \`${name}\` has ${steps.length} steps, ${values.length} values and ${times.length} times: send as many of each`,
      );
    }
    return { name, steps: Float64Array.from(steps), values: Float64Array.from(values), times: Float64Array.from(times) };
  });
}
