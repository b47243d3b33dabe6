import type { EncodedSample } from '../sample-encoder.js'
import type { HeldRequest } from './batch-source.js'

/** What a thread that draws is asked for. */
export type DrawTask = { readonly id: number } & (
  { readonly kind: 'batch'; readonly step: number } | { readonly kind: 'held'; readonly request: HeldRequest }
)

/** What it answers. */
export type DrawAnswer = { readonly id: number } & (
  | { readonly status: 'drawn'; readonly samples: EncodedSample[] }
  | { readonly status: 'failed'; readonly error: unknown }
)
