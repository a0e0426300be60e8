/** Bytes of TensorBoard event files, for tests. */
export function varint(value: number | bigint): Buffer;
export function scalar(tag: string, value: number): Buffer;
export function tensorScalar(tag: string, value: number, plugin?: string): Buffer;
export function event(seconds: number, step: number, summary: Buffer): Buffer;
export function record(data: Buffer): Buffer;
