// Bytes of TensorBoard event files, for tests: written from the format's description, apart from the reader.

/** @param {number} number @param {number} wire */
const key = (number, wire) => Buffer.of((number << 3) | wire);
const text = (number, value) => {
  const bytes = Buffer.isBuffer(value) ? value : Buffer.from(value);
  return Buffer.concat([key(number, 2), varint(bytes.length), bytes]);
};
const float = (number, value) => {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return Buffer.concat([key(number, 5), bytes]);
};
const double = (number, value) => {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return Buffer.concat([key(number, 1), bytes]);
};

export function varint(value) {
  const bytes = [];
  let rest = BigInt(value);
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 0x80 : low);
  } while (rest > 0n);
  return Buffer.from(bytes);
}

/** TensorFlow 1 and PyTorch: `simple_value`. */
export const scalar = (tag, value) => text(1, Buffer.concat([text(1, tag), float(2, value)]));

/** TensorFlow 2: a float tensor and the plug-in's name. */
export function tensorScalar(tag, value, plugin = 'scalars') {
  const content = Buffer.alloc(4);
  content.writeFloatLE(value);
  const tensor = Buffer.concat([key(1, 0), varint(1), text(4, content)]);
  return text(1, Buffer.concat([text(1, tag), text(8, tensor), text(9, text(1, text(1, plugin)))]));
}

export const event = (seconds, step, summary) =>
  Buffer.concat([double(1, seconds), key(2, 0), varint(BigInt.asUintN(64, BigInt(step))), text(5, summary)]);

export function record(data) {
  const header = Buffer.alloc(8);
  header.writeBigUInt64LE(BigInt(data.length));
  return Buffer.concat([header, checksum(header), data, checksum(data)]);
}

function checksum(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  crc = ~crc >>> 0;
  const masked = Buffer.alloc(4);
  masked.writeUInt32LE((((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0);
  return masked;
}
