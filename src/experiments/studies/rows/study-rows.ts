import type { Transform } from '../../../core/transform.js'

/** Rows as a configuration names them. */
export interface Rows {
  /** What they are, wherever they lie: for the identity of an arm. */
  readonly identity: unknown
  readonly suite?: string | undefined
  readonly data?: string | undefined
  /** Orientations to ask each row in; absent: as the rows are. */
  readonly transforms?: Transform[] | undefined
  readonly limit?: number | string | undefined
  /** Of a training on fewer of the rows that goes by passes: those in which it would go through all of them. Absent: as the configuration says. */
  readonly steps?: number | undefined
}

/** Rows that are held out: a file. */
export interface HeldRows {
  readonly identity: unknown
  readonly data: string
  readonly transforms?: Transform[] | undefined
  readonly limit?: number | undefined
}

interface Asked {
  readonly transforms: readonly Transform[]
  readonly seed: number
}

/** Where a study has its questions from. */
export interface StudyRows {
  /** Different questions that a training on all transformations can take. */
  most(): Promise<number>
  /** To learn from; `rows`: only so many different ones, null: as many as the steps can take. @throws UsageError where they cannot be had. */
  training(asked: Asked & { rows: number | null }): Promise<Rows>
  /** To evaluate an arm on when it is trained; tasks of transformations that are not asked for may be among them. */
  evaluation(asked: Asked): Promise<HeldRows>
  /** To measure an arm on while it is trained, every so many steps. */
  measured(asked: Asked): Promise<HeldRows & { readonly every: number }>
}
