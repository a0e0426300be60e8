/**
 * The packed form of curves, for readers that draw thousands of points.
 *
 * Little endian: uint32 length of the head in bytes; the head, JSON text `{"downsampled":false,"series":[{"name":"loss","points":3}]}`
 * padded with spaces so that what follows begins at a multiple of 8; then for each series its steps, values and times (milliseconds
 * since the epoch), each as `points` float64. Series of several runs name their `run` too.
 */

export interface PackedCurve {
  readonly run: string | null;
  readonly name: string;
  readonly steps: Float64Array;
  readonly values: Float64Array;
  readonly times: Float64Array;
}

export interface PackedCurves {
  readonly downsampled: boolean;
  readonly series: readonly PackedCurve[];
}

interface Head {
  readonly downsampled: boolean;
  readonly series: readonly { readonly run?: string; readonly name: string; readonly points: number }[];
}

const lengthBytes = 4;
const numberBytes = 8;

/** The columns are views into the bytes: nothing is copied. */
export function unpackCurves(bytes: ArrayBuffer): PackedCurves {
  const size = new DataView(bytes).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, lengthBytes, size))) as Head;
  let at = lengthBytes + size;
  const column = (points: number): Float64Array => {
    const numbers = new Float64Array(bytes, at, points);
    at += points * numberBytes;
    return numbers;
  };
  const series = head.series.map(({ run = null, name, points }) => ({
    run,
    name,
    steps: column(points),
    values: column(points),
    times: column(points),
  }));
  return { downsampled: head.downsampled, series };
}
