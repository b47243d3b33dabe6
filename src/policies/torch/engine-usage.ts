import { z } from 'zod'

const count = z.number().int().min(0)
const seconds = z.number().min(0)

/** What the engine has computed since it was opened. */
export const engineUsage = z.object({
  /** Tokens of prompts that were read, each turn's whole prompt. */
  prefilled: count,
  /** Tokens of prompts that were not read, since an equal prompt was. */
  repeated: count,
  /** In how many passes prompts were read, those of several conversations in one. */
  passes: count,
  /** Tokens that were sampled. */
  written: count,
  /** Steps in which conversations were continued by a token each, and the largest number that one continued. */
  steps: count,
  widest: count,
  /** Spent on prompts, and on those steps. */
  promptSeconds: seconds,
  stepSeconds: seconds,
  /** In which its process had nothing to do: it waited for the controller. */
  waitedSeconds: seconds,
  /** Most memory of the GPU that was held at once; null on a CPU. */
  peakBytes: count.nullable(),
})

export type EngineUsage = z.infer<typeof engineUsage>
