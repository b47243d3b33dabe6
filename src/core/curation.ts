/** Kinds of trajectories that a model is cold-started with (paper, section 3). */
export const CURATION_TYPES = [
  'single-tool',
  'multi-tool',
  /** Crop windows that shrink and nest, coarse to fine. */
  'multi-crop',
  /** Something goes wrong on purpose; the model reads what it is told, fixes it and goes on. */
  'error-handling',
  'no-tool',
] as const

export type CurationType = (typeof CURATION_TYPES)[number]

/** What is made to go wrong in an `error-handling` trajectory. */
export const PROVOCATIONS = [
  'bad-argument',
  'missing-name',
  /** The code runs, but does not do what is needed: turned the wrong way, the wrong region. */
  'wrong-tool',
  /** `image_index` names an image that is not there. */
  'index-out-of-range',
  'timeout',
] as const

export type Provocation = (typeof PROVOCATIONS)[number]

/** What curation decided about one trajectory; part of its sample. */
export interface Curation {
  type: CurationType
  /** Null unless `error-handling`. */
  provocation: Provocation | null
  /** Part of the set; what is not is kept in the run folder, so that its reason can be looked at. */
  kept: boolean
  /** Why it was dropped, a short name that reports count by (`result-differs`, `wrong-answer` …), and a sentence; null where it was kept. */
  dropped: { reason: string; detail: string } | null
  /** Why earlier attempts at the same item were given up, by the same names; not empty and kept: it was corrected. */
  corrected: readonly string[]
}
