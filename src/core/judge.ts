import type { UsageAccount, UsageTally } from './usage-account.js'

/** A question for the judge: is `answer` a right answer to `question`, given the accepted ones? */
export interface JudgeRequest {
  question: string
  answers: readonly string[]
  answer: string
  /** Kind of task, which selects the wording of the prompt (as in the data set: `ocr`, `math` …); null: general. */
  taskType: string | null
  signal: AbortSignal
}

export interface JudgeVerdict {
  /** Null where the judge's reply could not be read. */
  correct: boolean | null
  prompt: string
  response: string
}

/** What a judge was used for: a call is a verdict. */
export type JudgeTally = UsageTally

/** Counts what a judge is used for, and holds it to its caps. */
export type JudgeAccount = UsageAccount

/** Decides what rules cannot. Throws `JudgeError` for what its server did wrong, `JudgeCapError` when a cap is reached. */
export interface Judge {
  readonly model: string
  /** How its replies are read, such as `exact`; absent where there is one way only. */
  readonly reading?: string
  /** Absent: nothing is counted. */
  readonly account?: JudgeAccount
  judge(request: JudgeRequest): Promise<JudgeVerdict>
  /** Fail before the run starts if the judge does not answer. */
  check(signal?: AbortSignal): Promise<void>
}
