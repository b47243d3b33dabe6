import type { TaskRecord } from './task-record.js'

/** What arms are compared by: a mean over tasks. */
export interface Measure {
  readonly label: string
  /** `share`: of tasks for which something holds; `number`: of something counted. */
  readonly kind: 'share' | 'number'
  /** 0 or 1 of a share. */
  readonly of: (record: TaskRecord) => number
  /** The largest difference that counts as none: two points of a share. */
  readonly negligible: number
}

export const MEASURES = {
  accuracy: { label: 'accuracy', kind: 'share', of: ({ isCorrect }) => Number(isCorrect), negligible: 0.02 },
  toolSuccess: {
    label: 'success of the required tool (executed, and answered right)',
    kind: 'share',
    of: ({ isTurnedBack, isCorrect }) => Number(isTurnedBack && isCorrect),
    negligible: 0.02,
  },
  toolTurns: { label: 'tool turns', kind: 'number', of: ({ toolTurns }) => toolTurns, negligible: 0.1 },
  superfluousTurns: {
    label: 'superfluous tool turns',
    kind: 'number',
    of: ({ superfluousTurns }) => superfluousTurns,
    negligible: 0.1,
  },
  tokens: { label: 'tokens written', kind: 'number', of: ({ tokens }) => tokens, negligible: 1 },
} as const satisfies Record<string, Measure>

export type MeasureName = keyof typeof MEASURES
