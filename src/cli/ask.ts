import { join } from 'node:path'
import { rollout, type RolloutRequest, type RolloutResult } from '../agent/rollout.js'
import type { EvaluationConfig } from '../config/evaluation-config.js'
import { closeAfter } from '../core/close-after.js'
import { ImageError, UsageError } from '../core/errors.js'
import { textOf } from '../core/message.js'
import type { Sandbox } from '../core/sandbox.js'
import { questionTask } from '../data/question-task.js'
import { loadAgentSettings } from '../evaluation/run/agent-settings.js'
import { extractAnswer } from '../reward/answers.js'
import { openOutputFolder, type OutputFolder } from '../store/output-folder.js'
import { createSandbox, loadPolicy, loadTools } from '../wiring.js'
import { listenForInterrupts } from './interrupts.js'
import { runName } from './run-name.js'
import { showEvent } from './show-event.js'
import { createRetryNotice } from './retry-notice.js'

export interface AskParameters {
  question: string
  /** Image files. */
  images: readonly string[]
  config: EvaluationConfig
}

/**
 * One question: turns on stdout as they happen, images and trajectory in a folder.
 * @returns the answer, or null where there is none.
 * @throws StoreError before the first turn when the folder cannot be written.
 */
export async function ask({ question, images, config }: AskParameters): Promise<string | null> {
  const task = await questionTask({ question, images })
  const tools = loadTools(config.sandbox.tools)
  const agent = await loadAgentSettings(config.agent, tools)
  const policy = await loadPolicy(config.policy, { onRetry: createRetryNotice(), cache: false })
  const output = await openOutputFolder(join(config.output, runName({ suite: task.id, policy: policy.name })))
  const abort = new AbortController()
  const interrupts = listenForInterrupts({ onDrain: () => abort.abort(), onCancel: () => undefined })
  const { runtime, profile } = config.sandbox
  let sandbox: Sandbox | undefined
  return closeAfter({
    work: async () => {
      sandbox = await createSandbox({
        ...{ runtime, profile, tools },
        onWarning: (message) => console.error(message),
      })
      await policy.check?.(abort.signal)
      console.log(`${policy.name} (${policy.model}): ${question}`)
      const result = await rolloutOver(images, {
        ...agent,
        task,
        policy,
        sandbox,
        signal: abort.signal,
        onEvent: (event) => {
          const shown = showEvent(event)
          if (shown !== '') console.log(shown)
        },
      })
      const answer = answerOf(result)
      // Before anything is written: a full disk must not cost the answer.
      console.log(`\nAnswer: ${answer ?? '(none)'}`)
      await save({ result, output })
      console.log(`Images and trajectory: ${output.path}`)
      return answer
    },
    close: [
      () => interrupts.stop(),
      () => policy.close?.(),
      () => sandbox?.close(),
      () => output.removeIfEmpty(),
    ],
  })
}

/** A rollout whose complaint about an image names its file. */
async function rolloutOver(images: readonly string[], request: RolloutRequest): Promise<RolloutResult> {
  try {
    return await rollout(request)
  } catch (cause) {
    if (!(cause instanceof ImageError)) throw cause
    const files = images.map((path, index) => `image ${index}: ${path}`).join(', ')
    throw new UsageError(`${cause.message} (${files})`, { cause })
  }
}

function answerOf({ trajectory }: RolloutResult): string | null {
  if (trajectory.stop !== 'answer') return null
  const last = trajectory.messages.findLast(({ role }) => role === 'assistant')
  const answer = last === undefined ? null : extractAnswer(textOf(last))
  return answer === '' ? null : answer
}

/** Every image of the trajectory by its index, and the trajectory itself. */
async function save({
  result: { trajectory, images },
  output,
}: {
  result: RolloutResult
  output: OutputFolder
}): Promise<void> {
  for (const [index, { sha256, call }] of trajectory.images.entries()) {
    const bytes = await images.get(sha256)?.()
    if (bytes !== undefined)
      await output.write(`${index}-${call === null ? 'given' : `call-${call + 1}`}.png`, bytes)
  }
  await output.write('trajectory.json', `${JSON.stringify(trajectory, null, 2)}\n`)
}
