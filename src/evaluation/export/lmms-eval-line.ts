import { createHash } from 'node:crypto'
import { benchmarkColumns } from './benchmark-columns.js'
import type { IndexedSample } from './exported-sample.js'

/**
 * A sample as a line of the file that lmms-eval writes with --log_samples (0.7.3, `EvaluationTracker.save_results_samples`): `filtered_resps` is the answer alone, `resps` the
 * whole last turn. `doc`, which that version leaves out and earlier ones wrote, is kept, since their `process_results(doc, [filtered_resps])` reads it.
 */
export function lmmsEvalLine(exported: IndexedSample): Record<string, unknown> {
  const { sample, score, index, prediction, response, letter } = exported
  const { trajectory, transform, outcome, key } = sample
  const doc = benchmarkColumns(exported)
  const usage = trajectory?.usage
  return {
    doc_id: index,
    target: letter ?? sample.answers[0] ?? '',
    resps: [response],
    filtered_resps: prediction,
    token_counts: [
      usage ? { input_tokens: usage.promptTokens, output_tokens: usage.completionTokens } : null,
    ],
    doc_hash: createHash('sha256').update(JSON.stringify(doc)).digest('hex'),
    ...(score && { [score.profile]: score.value ?? Number(score.correct) }),
    input: sample.question,
    doc,
    transform,
    outcome,
    sample_key: key,
  }
}
