/**
 * Scalars of one TensorBoard `Event`: the old form (`simple_value`, TensorFlow 1 and PyTorch) and the tensor form (TensorFlow 2, JAX).
 *
 * Fields: tensorboard/compat/proto/event.proto, summary.proto, tensor.proto. Owns those messages only; the rest is passed over.
 */
import type { Point } from './points.js';

interface Field {
  readonly number: number;
  readonly wire: number;
  readonly bytes: Buffer;
  readonly varint: bigint;
}

const varintWire = 0;
const doubleWire = 1;
const bytesWire = 2;
const floatWire = 5;

/** Empty for events without scalars, and for bytes that are no event. */
export function readScalars(event: Buffer): Point[] {
  let time = 0;
  let step = 0;
  const summaries: Buffer[] = [];
  for (const { number, wire, bytes, varint } of fields(event)) {
    if (number === 1 && wire === doubleWire) time = bytes.readDoubleLE() * 1000;
    else if (number === 2 && wire === varintWire) step = Number(BigInt.asIntN(64, varint));
    else if (number === 5 && wire === bytesWire) summaries.push(bytes);
  }
  return summaries.flatMap((summary) =>
    [...fields(summary)].flatMap(({ number, wire, bytes }) => {
      const found = number === 1 && wire === bytesWire ? readValue(bytes) : null;
      return found === null ? [] : [{ name: found.tag, step, value: found.value, time }];
    }),
  );
}

function readValue(message: Buffer): { readonly tag: string; readonly value: number } | null {
  let tag = '';
  let value: number | null = null;
  for (const { number, wire, bytes } of fields(message)) {
    if (number === 1 && wire === bytesWire) tag = bytes.toString('utf8');
    else if (number === 2 && wire === floatWire) value = shortest(bytes.readFloatLE());
    else if (number === 8 && wire === bytesWire) value = readTensor(message, bytes);
  }
  return tag === '' || value === null ? null : { tag, value };
}

/** A tensor with one number in it, unless a plug-in other than `scalars` says that it means something else. */
function readTensor(message: Buffer, tensor: Buffer): number | null {
  const plugin = child(message, 9, 1, 1)?.toString('utf8') ?? 'scalars';
  if (plugin !== 'scalars') return null;
  let type = 0;
  for (const { number, wire, bytes, varint } of fields(tensor)) {
    if (number === 1 && wire === varintWire) type = Number(varint);
    else if (number === 4 && bytes.length > 0) return readContent(type, bytes);
    // Repeated numbers are packed, or single fields in old writers.
    else if (number === 5 && bytes.length === 4) return shortest(bytes.readFloatLE());
    else if (number === 6 && bytes.length === 8) return bytes.readDoubleLE();
    else if (number === 7 || number === 10) return wire === varintWire ? Number(BigInt.asIntN(64, varint)) : packedInt(bytes);
  }
  return null;
}

/** `tensor_content` by `DataType`: 1 float, 2 double, 3 int32, 9 int64. */
function readContent(type: number, bytes: Buffer): number | null {
  if (type === 1 && bytes.length === 4) return shortest(bytes.readFloatLE());
  if (type === 2 && bytes.length === 8) return bytes.readDoubleLE();
  if (type === 3 && bytes.length === 4) return bytes.readInt32LE();
  return type === 9 && bytes.length === 8 ? Number(bytes.readBigInt64LE()) : null;
}

function packedInt(bytes: Buffer): number | null {
  const found = readVarint(bytes, 0);
  return found !== null && found.end === bytes.length ? Number(BigInt.asIntN(64, found.value)) : null;
}

/** The decimal that a person wrote: a float of 32 bits holds 0.1 as 0.10000000149. */
const shortest = (value: number): number => (Number.isFinite(value) ? Number(value.toPrecision(7)) : value);

function child(message: Buffer, ...path: readonly number[]): Buffer | undefined {
  let inner: Buffer | undefined = message;
  for (const wanted of path) {
    inner = inner && [...fields(inner)].find(({ number, wire }) => number === wanted && wire === bytesWire)?.bytes;
  }
  return inner;
}

const none = Buffer.alloc(0);

/** Ends early at bytes that are no protobuf: what came before counts. */
function* fields(message: Buffer): Generator<Field> {
  let at = 0;
  while (at < message.length) {
    const key = readVarint(message, at);
    if (key === null) return;
    const number = Number(key.value >> 3n);
    const wire = Number(key.value & 7n);
    at = key.end;
    if (wire === varintWire) {
      const found = readVarint(message, at);
      if (found === null) return;
      at = found.end;
      yield { number, wire, bytes: none, varint: found.value };
      continue;
    }
    let length = wire === doubleWire ? 8 : wire === floatWire ? 4 : -1;
    if (wire === bytesWire) {
      const found = readVarint(message, at);
      if (found === null) return;
      at = found.end;
      length = Number(found.value);
    }
    if (length < 0 || at + length > message.length) return;
    yield { number, wire, bytes: message.subarray(at, at + length), varint: 0n };
    at += length;
  }
}

function readVarint(bytes: Buffer, from: number): { readonly value: bigint; readonly end: number } | null {
  let value = 0n;
  for (let index = 0; index < 10 && from + index < bytes.length; index++) {
    const byte = bytes[from + index]!;
    value |= BigInt(byte & 0x7f) << BigInt(7 * index);
    if (byte < 0x80) return { value, end: from + index + 1 };
  }
  return null;
}
