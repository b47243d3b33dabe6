import type { PythonJson } from './python/json.js'

/** Who tells what a call did: `static`, a reader of its text; `observed`, the sandbox that ran it. */
export type AnalysisKind = 'static' | 'observed'

/**
 * What a call does to its image. Boxes are left, top, right, bottom in pixels: `static` ones in the frame of the image that the call was given (they are what the
 * text says, so they may be swapped, negative, NaN or infinite), `observed` ones in that of the task's first image.
 */
export interface ToolAnalysis {
  /** Names of the field's vocabulary (`rotate_90`, `crop`, `contrast_up` …) in the order of the source, each once; other names are optional tools. */
  readonly transforms: readonly string[]
  readonly cropBoxes: readonly (readonly number[])[]
}

/** A call as it is given to a reader of its text. */
export interface AnalyzableCall {
  /** Null counts as empty. */
  code: string | null
  /** What the model says the code does; a value that is no text is read as Python would print it. */
  description?: PythonJson
}

/**
 * Why a text could not be read, so that nothing is said of it: `too-long`; `timeout`, `memory`, `crash`, `output`: the reader met its limits, died, or said too
 * much; `raised`: the released reader ends with an exception there.
 */
export type AnalysisProblem =
  | { kind: 'too-long' | 'timeout' | 'memory' | 'crash' | 'output'; message: string }
  | { kind: 'raised'; type: string }

/** What a reader of text makes of a call. */
export interface StaticAnalysis extends ToolAnalysis {
  /** Null where the text was read; otherwise both lists are empty. */
  problem: AnalysisProblem | null
}

/** Reads what calls do from their text alone, as the released reward does (paper, section 4; not from what happens when they run). */
export interface ToolAnalyzer {
  /**
   * One analysis a call, in their order. What is wrong with a text is data.
   * @throws SandboxError for what the machine did wrong, AbortError.
   */
  analyze(calls: readonly AnalyzableCall[], options?: { signal?: AbortSignal }): Promise<StaticAnalysis[]>
}
