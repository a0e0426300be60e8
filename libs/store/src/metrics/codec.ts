/**
 * Packed form of a stretch of one series: lossless for float64 steps, values and times (of NaN only that it is one).
 *
 * Layout, little-endian:
 *
 *     byte 0      format, 1
 *     byte 1      steps: 0 raw float64 each | 1 constant stride: first float64, stride float64
 *     byte 2      values: 0 raw float64 each | 1 float32 each (every value survives it)
 *     byte 3      times: 0 raw float64 each | 1 first float64, then uint16 differences | 2 the same with uint32
 *     bytes 4-7   number of points, uint32
 *     then the three columns, one after another
 */
import { Bug, type Series } from '@sweep/domain';

export type Points = Omit<Series, 'name'>;

const format = 1;
const headerBytes = 8;
const raw = 0;

export function packPoints({ steps, values, times }: Points): Buffer {
  const n = steps.length;
  const stride = strideOf(steps);
  const narrow = fitsFloat32(values);
  const timeWidth = differenceWidth(times);
  const size = headerBytes + (stride === null ? n * 8 : 16) + n * (narrow ? 4 : 8) + timeBytes(n, timeWidth);
  const out = Buffer.allocUnsafe(size);
  const view = new DataView(out.buffer, out.byteOffset, out.byteLength);
  out[0] = format;
  out[1] = stride === null ? raw : 1;
  out[2] = narrow ? 1 : raw;
  out[3] = timeWidth === 0 ? raw : timeWidth === 2 ? 1 : 2;
  view.setUint32(4, n, true);
  let at = headerBytes;
  if (stride === null) at = writeFloats(view, at, steps);
  else at = writeFloats(view, at, [steps[0]!, stride]);
  if (narrow) for (let i = 0; i < n; i++, at += 4) view.setFloat32(at, values[i]!, true);
  else at = writeFloats(view, at, values);
  writeTimes(view, at, times, timeWidth);
  return out;
}

export function unpackPoints(bytes: Uint8Array): Points {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < headerBytes || bytes[0] !== format) throw new Bug('a stored chunk of points is damaged');
  const n = view.getUint32(4, true);
  let at = headerBytes;
  const steps = bytes[1] === raw ? readFloats(view, at, n) : strided(view.getFloat64(at, true), view.getFloat64(at + 8, true), n);
  at += bytes[1] === raw ? n * 8 : 16;
  const values = bytes[2] === raw ? readFloats(view, at, n) : readNarrow(view, at, n);
  at += n * (bytes[2] === raw ? 8 : 4);
  return { steps, values, times: readTimes(view, at, n, bytes[3] === raw ? 0 : bytes[3] === 1 ? 2 : 4) };
}

/** The stride that gives back every step exactly, or null. */
function strideOf(steps: Float64Array): number | null {
  if (steps.length < 3) return null;
  const first = steps[0]!;
  const stride = steps[1]! - first;
  if (!Number.isFinite(stride)) return null;
  for (let i = 0; i < steps.length; i++) if (!Object.is(first + i * stride, steps[i])) return null;
  return stride;
}

function fitsFloat32(values: Float64Array): boolean {
  for (let i = 0; i < values.length; i++) if (!Object.is(Math.fround(values[i]!), values[i])) return false;
  return true;
}

/** Bytes a difference needs: 2, 4, or 0 when the times are not whole, not rising or too far apart. */
function differenceWidth(times: Float64Array): 0 | 2 | 4 {
  let largest = 0;
  for (let i = 0; i < times.length; i++) {
    if (!Number.isSafeInteger(times[i]) || Object.is(times[i], -0)) return 0;
    if (i > 0) largest = Math.max(largest, times[i]! - times[i - 1]!);
    if (i > 0 && times[i]! < times[i - 1]!) return 0;
  }
  if (largest < 2 ** 16) return 2;
  return largest < 2 ** 32 ? 4 : 0;
}

const timeBytes = (n: number, width: 0 | 2 | 4): number => (width === 0 ? n * 8 : n === 0 ? 0 : 8 + (n - 1) * width);

function writeFloats(view: DataView, start: number, column: ArrayLike<number>): number {
  let at = start;
  for (let i = 0; i < column.length; i++, at += 8) view.setFloat64(at, column[i]!, true);
  return at;
}

function writeTimes(view: DataView, start: number, times: Float64Array, width: 0 | 2 | 4): void {
  if (width === 0 || times.length === 0) {
    writeFloats(view, start, times);
    return;
  }
  view.setFloat64(start, times[0]!, true);
  let at = start + 8;
  for (let i = 1; i < times.length; i++, at += width) {
    const difference = times[i]! - times[i - 1]!;
    if (width === 2) view.setUint16(at, difference, true);
    else view.setUint32(at, difference, true);
  }
}

function readFloats(view: DataView, start: number, n: number): Float64Array {
  const column = new Float64Array(n);
  for (let i = 0; i < n; i++) column[i] = view.getFloat64(start + i * 8, true);
  return column;
}

function readNarrow(view: DataView, start: number, n: number): Float64Array {
  const column = new Float64Array(n);
  for (let i = 0; i < n; i++) column[i] = view.getFloat32(start + i * 4, true);
  return column;
}

function strided(first: number, stride: number, n: number): Float64Array {
  const column = new Float64Array(n);
  for (let i = 0; i < n; i++) column[i] = first + i * stride;
  return column;
}

function readTimes(view: DataView, start: number, n: number, width: 0 | 2 | 4): Float64Array {
  if (width === 0 || n === 0) return readFloats(view, start, n);
  const column = new Float64Array(n);
  column[0] = view.getFloat64(start, true);
  for (let i = 1, at = start + 8; i < n; i++, at += width) {
    column[i] = column[i - 1]! + (width === 2 ? view.getUint16(at, true) : view.getUint32(at, true));
  }
  return column;
}
