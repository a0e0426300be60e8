/** Between the event loop and the hashing thread. Pieces go there and come back, so that nothing is copied on the way. */
import type { Digests } from './digests.js';

export type ToHashThread =
  | { readonly kind: 'piece'; readonly content: number; readonly piece: ArrayBuffer; readonly length: number }
  | { readonly kind: 'end'; readonly content: number }
  | { readonly kind: 'abandon'; readonly content: number };

export type FromHashThread =
  | { readonly kind: 'taken'; readonly content: number; readonly piece: ArrayBuffer }
  | { readonly kind: 'digests'; readonly content: number; readonly digests: Digests };
