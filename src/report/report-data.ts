import type { Ending, Sample } from '../core/sample.js'
import type { Reward } from '../core/reward.js'
import type { Transform } from '../core/transform.js'
import type { SuiteDefinition } from '../data/suite-definition.js'
import type { ModelUsage } from '../evaluation/run/model-usage.js'
import type { Rescored } from '../evaluation/rescore.js'
import type { Summary } from '../evaluation/summary/summary.js'
import type { Manifest } from '../store/manifest.js'
import type { TrainingCurves } from './training-curves.js'

/** Everything that a page knows of a run before a sample is opened: one chunk, small enough to be read at once. */
export interface ReportData {
  version: 1
  /** Name of the run folder. */
  name: string
  manifest: Manifest
  summary: Summary
  totals: ReportTotals
  usage: RunUsage
  /** Rows of the paper's tables for this suite; empty where it has none. */
  paper: SuiteDefinition['figures']
  rewards: RewardMeans[]
  /** Null where the run was no training. */
  training: TrainingCurves | null
  samples: SampleColumns
  /** Names of the chunks that hold whole samples. */
  chunks: string[]
}

/** What the models of a run were asked and cost; null where there was none, or nothing was counted. */
export interface RunUsage {
  policy: Omit<ModelUsage, 'waitedMs'> | null
  judge: Omit<ModelUsage, 'waitedMs'> | null
}

/** Sums over all samples, those that failed included. */
export interface ReportTotals {
  totalMs: number
  modelMs: number
  sandboxMs: number
  judgeMs: number
  promptTokens: number
  completionTokens: number
  /** Attempts beyond the first. */
  repetitions: number
  /** Failed calls by kind. */
  errorKinds: [kind: string, count: number][]
}

/** Means of a reward's components, from rewards/<name>.json. */
export interface RewardMeans {
  name: string
  overall: { n: number; means: [component: string, mean: number][] }
  byOutcome: { outcome: string; n: number; means: [component: string, mean: number][] }[]
}

/**
 * What lists, filters and figures need of every sample: one array a field, all of the same length. Numbers in `transform`, `ending`, `category` and `tools`
 * are places in `words`; `category` is -1 where there is none.
 */
export interface SampleColumns {
  words: string[]
  key: string[]
  /** Equal numbers: variants of one question, or epochs of one task. */
  cluster: number[]
  id: string[]
  epoch: number[]
  transform: number[]
  ending: number[]
  category: number[]
  /** Cut after {@link INDEXED_CHARACTERS}. */
  question: string[]
  /** Accepted answers, one a line; cut likewise. */
  answers: string[]
  /** What was taken as the answer; null where none was. Cut likewise. */
  answer: (string | null)[]
  /** Partial credit, or 1 and 0; null where the machine failed, so that the sample is in no rate. */
  value: (number | null)[]
  /** Assistant turns; -1 where the rollout did not end. */
  turns: number[]
  calls: number[]
  failedCalls: number[]
  /** 1 where a call failed and a later one succeeded. */
  recovered: number[]
  /** Operations that the pixels bear out, in calls that succeeded; each once. */
  tools: number[][]
  totalMs: number[]
  tokens: number[]
  /** Place of its chunk in `chunks`, and its own place in that chunk. */
  chunk: number[]
  place: number[]
}

/** One sample with its columns read: what a list holds. */
export interface SampleRow {
  key: string
  cluster: number
  id: string
  epoch: number
  transform: Transform
  ending: Ending
  category: string | null
  question: string
  answers: string
  answer: string | null
  value: number | null
  turns: number
  calls: number
  failedCalls: number
  isRecovered: boolean
  tools: readonly string[]
  totalMs: number
  tokens: number
  chunk: number
  place: number
}

/** Characters of question and answers that can be searched; a model may write megabytes. */
export const INDEXED_CHARACTERS = 600

/** A sample as a chunk holds it: the line of the journal, and what was derived of it since. */
export interface SampleDetail extends Sample {
  derived: {
    /** By name of the reward's files. */
    rewards: [name: string, reward: Reward][]
    /** By scoring profile. */
    scores: [profile: string, rescored: Rescored][]
  }
}

/** How a page finds its runs. */
export interface PageBoot {
  runs: {
    name: string
    /** Prefix of every address of the run, such as `runs/0/`; empty: beside the page. */
    base: string
    /** Name of the chunk that is a {@link ReportData}. */
    index: string
  }[]
  /** Whether chunks and images stand in the page itself. */
  isInline: boolean
}
