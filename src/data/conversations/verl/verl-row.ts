import { DataError } from '../../../core/errors.js'
import type { Box } from '../../../core/transform.js'
import type { Task } from '../../../core/task.js'
import { TRANSFORMS } from '../../../core/transform.js'
import { IMAGE_MARKER, MARKERS } from '../markers.js'

/** Of verl's agent loops, the one that runs tools. */
const AGENT = 'tool_agent'

/** What a row is made with besides its task. */
export interface VerlSettings {
  /** Row of the file, from 0: its index where the data set does not number it. */
  readonly row: number
  /** Where the data set does not say. */
  readonly split: string
  /** Stands before the question; null: none, as in the published data. */
  readonly systemPrompt: string | null
  /** The tool that verl calls. */
  readonly toolName: string
}

/**
 * A task as a row of the RL set (paper, section 5), with what verl's multi-turn rollouts read besides: `agent_name`, and in `extra_info` `need_tools_kwargs` and `tools_kwargs`,
 * whose `create_kwargs` name the task. `task` keeps what these columns have no room for, so that the row is read back as it was.
 * @throws DataError for a question that holds a marker of a file
 */
export async function verlRow({ task, settings }: { task: Task; settings: VerlSettings }) {
  const { metadata, question, answers, images } = task
  const marker = MARKERS.find((one) => question.includes(one))
  if (marker !== undefined)
    throw new DataError(
      `${task.id}: expected no ${marker} in the question (verl takes it for the place of a file), got one`,
    )
  const [answer = '', ...others] = answers
  const { systemPrompt } = settings
  const user = { content: `${IMAGE_MARKER.repeat(images.length)}\n${question}`, role: 'user' }
  return {
    data_source: textIn(metadata.data_source) ?? task.suite,
    prompt: systemPrompt === null ? [user] : [{ content: systemPrompt, role: 'system' }, user],
    images: await Promise.all(
      images.map(async (image, at) => ({ bytes: await image.read(), path: `${task.id}-${at}` })),
    ),
    reward_model: { ground_truth: answer, style: 'model' },
    agent_name: AGENT,
    extra_info: {
      answer,
      answers_alt: others,
      bbox: task.box === null ? null : pixels(task.box),
      dataset_name: textIn(metadata.dataset_name) ?? task.suite,
      index: BigInt(wholeIn(metadata.index) ?? settings.row),
      question,
      split: textIn(metadata.split) ?? settings.split,
      transform: appliedTo(task),
      need_tools_kwargs: true,
      tools_kwargs: { [settings.toolName]: { create_kwargs: { task_key: task.key } } },
    },
    task: {
      id: task.id,
      options: task.options === undefined ? null : [...task.options],
      category: task.category ?? null,
      cluster: task.cluster ?? null,
      metadata: JSON.stringify(metadata),
    },
  }
}

/** Whole pixels, as published: those that the box touches. */
function pixels([left, top, right, bottom]: Box): bigint[] {
  return [Math.floor(left), Math.floor(top), Math.ceil(right), Math.ceil(bottom)].map(BigInt)
}

/** As published: what was applied, and `crop` where it must be cropped. */
function appliedTo({ transform, requiredTools }: Task): string[] {
  return [
    ...TRANSFORMS.filter((name) => name === transform && name !== 'none'),
    ...(requiredTools?.includes('crop') === true ? ['crop'] : []),
  ]
}

function textIn(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

function wholeIn(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : null
}
