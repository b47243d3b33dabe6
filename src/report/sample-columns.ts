import { INFRASTRUCTURE_OUTCOMES, type Sample } from '../core/sample.js'
import type { SampleDigest } from '../evaluation/summary/digest.js'
import { observedAnalysis } from '../reward/analysis/observed-analysis.js'
import { INDEXED_CHARACTERS, type SampleColumns } from './report-data.js'

/** Gathers the columns of a run, sample by sample. */
export function sampleColumns(): {
  columns: SampleColumns
  add: (sample: Sample, digest: SampleDigest, at: { chunk: number; place: number }) => void
} {
  const columns = emptyColumns()
  const places = new Map<string, number>()
  const clusters = new Map<string, number>()
  const numbered = (cluster: string): number => {
    const number = clusters.get(cluster) ?? clusters.size
    clusters.set(cluster, number)
    return number
  }
  const word = (text: string): number => {
    const known = places.get(text)
    if (known !== undefined) return known
    places.set(text, columns.words.length)
    return columns.words.push(text) - 1
  }
  return {
    columns,
    add(sample, { outcome: ending, rollout, cluster }, { chunk, place }) {
      const { scoring, tokens } = { scoring: recordedScore(sample), tokens: tokensOf(sample) }
      columns.key.push(sample.key)
      columns.cluster.push(numbered(cluster))
      columns.id.push(cut(sample.taskId))
      columns.epoch.push(sample.epoch)
      columns.transform.push(word(sample.transform))
      columns.ending.push(word(ending))
      const category = sample.category ?? sample.taskType
      columns.category.push(category === undefined ? -1 : word(cut(category)))
      columns.question.push(cut(sample.question))
      columns.answers.push(cut(sample.answers.join('\n')))
      columns.answer.push(scoring?.answer == null ? null : cut(scoring.answer))
      const isScored = ending !== 'unusable' && !INFRASTRUCTURE_OUTCOMES.has(ending)
      columns.value.push(isScored ? (scoring?.value ?? Number(ending === 'correct')) : null)
      columns.turns.push(rollout?.turns ?? -1)
      columns.calls.push(rollout?.calls ?? 0)
      columns.failedCalls.push(rollout?.failedCalls ?? 0)
      columns.recovered.push(Number(rollout?.recovered === true))
      columns.tools.push(toolsOf(sample).map(word))
      columns.totalMs.push(Math.round(sample.timings.totalMs))
      columns.tokens.push(tokens)
      columns.chunk.push(chunk)
      columns.place.push(place)
    },
  }
}

/** The score that the outcome follows; a sample has no other while it runs. */
function recordedScore({ scores }: Sample): Sample['scores'][string] | null {
  return Object.values(scores)[0] ?? null
}

function toolsOf({ trajectory }: Sample): string[] {
  const successes = trajectory?.calls.filter(({ execution }) => execution.status === 'ok') ?? []
  return [...new Set(successes.flatMap(({ execution }) => observedAnalysis(execution).transforms))]
}

function tokensOf({ trajectory }: Sample): number {
  return (trajectory?.usage.promptTokens ?? 0) + (trajectory?.usage.completionTokens ?? 0)
}

function cut(text: string): string {
  return text.length <= INDEXED_CHARACTERS ? text : `${text.slice(0, INDEXED_CHARACTERS)}…`
}

function emptyColumns(): SampleColumns {
  return {
    ...{ words: [], key: [], cluster: [], id: [], epoch: [], transform: [], ending: [], category: [] },
    ...{ question: [], answers: [], answer: [], value: [], turns: [], calls: [], failedCalls: [] },
    ...{ recovered: [], tools: [], totalMs: [], tokens: [], chunk: [], place: [] },
  }
}
