/**
 * Exponential moving average without the bias of its beginning: divided by what the weights sum to so far, as Kingma and Ba do
 * (https://arxiv.org/abs/1412.6980, section 3). Values that are not finite are passed by and leave a gap of their own.
 *
 * @param weight of what came before, 0 … 1 (exclusive)
 */
export function smooth(values: ArrayLike<number>, weight: number): Float64Array {
  const smoothed = Float64Array.from(values);
  if (weight <= 0) return smoothed;
  let average = 0;
  let total = 0;
  for (let i = 0; i < smoothed.length; i++) {
    const value = smoothed[i]!;
    if (!Number.isFinite(value)) continue;
    average = average * weight + value * (1 - weight);
    total = total * weight + (1 - weight);
    smoothed[i] = average / total;
  }
  return smoothed;
}
