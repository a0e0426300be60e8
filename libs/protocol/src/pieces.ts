/** Bytes in messages of a size that suits flow control: large chunks are cut, the order stays. */
import { blobPieceBytes } from './protocol.js';

export async function* pieces(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    for (let start = 0; start < chunk.byteLength; start += blobPieceBytes) {
      const length = Math.min(blobPieceBytes, chunk.byteLength - start);
      yield Buffer.from(chunk.buffer, chunk.byteOffset + start, length);
    }
  }
}
