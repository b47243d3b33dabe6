import type { Box } from '../../core/transform.js'
import type { Task } from '../../core/task.js'
import type { NewRow } from '../../data/write-parquet.js'
import { appliedTo } from '../../data/write-task-parquet.js'
import type { RolloutTally } from './tally-rollouts.js'

/** Columns of the schema of their own; written there, not with what is further known of a row. */
const OWN_COLUMNS = new Set(['data_source', 'dataset_name', 'index', 'split'])

/**
 * A row that was kept, in the MVToolBench schema: how often it was solved and what its rollouts used stands with its metadata. Boxes are whole numbers there, and are
 * widened to them.
 */
export async function filteredRow({
  task,
  index,
  tally,
}: {
  task: Task
  /** Place among the rows that are written, from 0. */
  index: number
  tally: RolloutTally
}): Promise<NewRow> {
  const { id, suite, question, answers, options, category, cluster, box, metadata, requiredTools } = task
  const [answer = '', ...alternatives] = answers
  const images: { bytes: Buffer; path: string }[] = []
  // The names tell neither the row nor what was done to the image.
  for (const [at, image] of task.images.entries())
    images.push({ bytes: await image.read(), path: `${String(index).padStart(6, '0')}-${at}` })
  const text = (name: string): string | null => {
    const value = metadata[name]
    return typeof value === 'string' && value !== '' ? value : null
  }
  return {
    question,
    answer,
    alternatives,
    images,
    transform: appliedTo(task),
    box: box === null ? null : widened(box),
    index,
    split: text('split') ?? 'train',
    datasetName: text('dataset_name') ?? suite,
    dataSource: text('data_source') ?? suite,
    annotation: {
      id,
      category: category ?? null,
      ...(options && { options }),
      ...(cluster !== undefined && { cluster }),
      metadata: {
        ...Object.fromEntries(Object.entries(metadata).filter(([name]) => !OWN_COLUMNS.has(name))),
        required_tools: requiredTools,
        ...measured(tally),
      },
    },
  }
}

/** What was measured of a row, by the names it is written under. */
function measured({ n, correct, turns, calls, tools }: RolloutTally): Record<string, unknown> {
  return {
    rollouts: n,
    correct,
    pass_rate: rounded(correct / n),
    mean_turns: rounded(turns / n),
    mean_calls: rounded(calls / n),
    tools_used: Object.fromEntries([...tools].sort(([a], [b]) => (a < b ? -1 : 1))),
  }
}

function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4
}

function widened([left, top, right, bottom]: Box): Box {
  return [Math.floor(left), Math.floor(top), Math.ceil(right), Math.ceil(bottom)]
}
