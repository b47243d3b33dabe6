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

/** Decides what rules cannot. Throws `JudgeError` for what its server did wrong. */
export interface Judge {
  readonly model: string
  judge(request: JudgeRequest): Promise<JudgeVerdict>
  /** Fail before the run starts if the judge does not answer. */
  check(signal?: AbortSignal): Promise<void>
}
