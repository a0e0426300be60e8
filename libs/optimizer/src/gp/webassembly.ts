/** The little of the WebAssembly API that the kernel needs: this library is compiled without the types of any platform. */

export interface WasmGlobal {
  readonly value: number;
}

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** Compiled once, instantiated for each workspace. */
export interface WasmModule {
  instantiate(): unknown;
}

interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
}

export function compileModule(base64: string): WasmModule {
  const { Module, Instance } = (globalThis as unknown as { readonly WebAssembly: WebAssemblyApi }).WebAssembly;
  const module = new Module(decodeBase64(base64));
  return { instantiate: () => new Instance(module, {}).exports };
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export function decodeBase64(text: string): Uint8Array {
  const digits = text.replace(/=+$/, '');
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4));
  let bits = 0;
  for (let i = 0, at = 0; i < digits.length; i += 1) {
    // Only the lowest twelve bits are ever looked at again.
    bits = ((bits << 6) | alphabet.indexOf(digits.charAt(i))) & 0xffffff;
    const waiting = ((i + 1) * 6) % 8;
    if (waiting < 6) bytes[at++] = bits >> waiting;
  }
  return bytes;
}
