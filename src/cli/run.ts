import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { CommandModule } from 'yargs'
import { rollout, type RolloutResult } from '../agent/rollout.js'
import { loadEvaluationConfig } from '../config/evaluation-config.js'
import { textOf } from '../core/message.js'
import { questionTask } from '../data/question-task.js'
import { loadAgentSettings } from '../evaluation/agent-settings.js'
import { extractAnswer } from '../reward/answers.js'
import { createSandbox, loadPolicy } from '../wiring.js'
import { listenForInterrupts } from './interrupts.js'
import { policyOverrides, withPolicyOptions, type PolicyArguments } from './policy-options.js'
import { EXIT } from './report-failure.js'
import { runName } from './run-name.js'
import { showEvent } from './show-event.js'

interface RunArguments extends PolicyArguments {
  image: string
  question: string
  also: string[] | undefined
  output: string
}

export const runCommand: CommandModule<object, RunArguments> = {
  command: 'run <image> <question>',
  describe: 'Ask one question about an image; turns are shown as they happen',
  builder: (command) =>
    withPolicyOptions(
      command
        .positional('image', { type: 'string', demandOption: true, describe: 'Image file' })
        .positional('question', { type: 'string', demandOption: true, describe: 'The question' }),
    )
      .option('also', { type: 'string', array: true, describe: 'Further image files' })
      .option('output', { type: 'string', default: 'runs', describe: 'Folder that holds the runs' })
      .example('$0 run receipt.jpg "What is the total?"', 'The classical agent, no model needed')
      .example(
        '$0 run sign.jpg "Which way is the exit?" --model Qwen/Qwen2.5-VL-7B-Instruct --base-url http://localhost:8000/v1',
        'A served model',
      ),
  handler: async (given) => {
    const config = await loadEvaluationConfig({
      path: null,
      overrides: { ...policyOverrides(given), suite: 'question', judge: 'none' },
    })
    const task = await questionTask({
      question: given.question,
      images: [given.image, ...(given.also ?? [])],
    })
    const agent = await loadAgentSettings(config.agent)
    const policy = await loadPolicy(config.policy)
    const abort = new AbortController()
    const interrupts = listenForInterrupts({ onDrain: () => abort.abort(), onCancel: () => undefined })
    const sandbox = await createSandbox({
      runtime: config.sandbox.runtime,
      profile: config.sandbox.profile,
      onWarning: (message) => console.error(message),
    })
    try {
      await policy.check?.(abort.signal)
      console.log(`${policy.name} (${policy.model}): ${given.question}`)
      const result = await rollout({
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
      const folder = await save({
        result,
        folder: join(given.output, runName({ suite: task.id, policy: policy.name })),
      })
      const answer = answerOf(result)
      console.log(`\nAnswer: ${answer ?? '(none)'}\nImages and trajectory: ${folder}`)
      process.exitCode = answer === null ? EXIT.failed : EXIT.complete
    } finally {
      interrupts.stop()
      await policy.close?.()
      await sandbox.close()
    }
  },
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
  folder,
}: {
  result: RolloutResult
  folder: string
}): Promise<string> {
  const path = resolve(folder)
  await mkdir(path, { recursive: true })
  for (const [index, { sha256, call }] of trajectory.images.entries()) {
    const bytes = await images.get(sha256)?.()
    if (bytes !== undefined)
      await writeFile(join(path, `${index}-${call === null ? 'given' : `call-${call + 1}`}.png`), bytes)
  }
  await writeFile(join(path, 'trajectory.json'), `${JSON.stringify(trajectory, null, 2)}\n`)
  return path
}
