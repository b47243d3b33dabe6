import type { TrainingOverrides } from '../config/training-config.js'
import type { Interrupts } from '../evaluation/run/evaluate.js'
import type { TrainingResult, TrainLoopParameters } from '../training/loop/train-loop.js'
import type { TrainingEvent } from '../training/loop/training-event.js'
import { countFailures } from './count-failures.js'
import { countUpdates } from './count-updates.js'
import { listenForInterrupts } from './interrupts.js'
import type { TrainArguments } from './train.js'
import { createTrainingDisplay } from './training-display.js'

export type SessionParameters = Pick<TrainLoopParameters, 'interrupts' | 'onEvent' | 'stopAfter'>

/**
 * What both trainings do in the terminal: lines for each step on stderr, the first Ctrl-C takes the step to its end and saves, the second stops, and at the end it is said where
 * everything is and how to go on.
 */
export async function trainingSession({
  again,
  stopAfter,
  interrupts: given,
  train,
}: {
  /** Command that goes on with the training. */
  again: string
  stopAfter?: number | undefined
  /** Of a command that listens itself, since it trains more than once; else this listens. */
  interrupts?: Interrupts | undefined
  train: (session: SessionParameters) => Promise<TrainingResult>
}): Promise<TrainingResult> {
  const warn = (line: string): void => console.error(line)
  const display = createTrainingDisplay({ print: warn })
  const updates = countUpdates()
  const failures = countFailures({
    tell(line) {
      display.stop()
      warn(line)
    },
  })
  const onEvent = (event: TrainingEvent): void => {
    failures.onEvent(event)
    updates.onEvent(event)
    display.onEvent(event)
  }
  const own =
    given === undefined
      ? listenForInterrupts({
          onDrain: () => warn(`\nFinishing the step; Ctrl-C again ends it. To go on later: ${again}`),
          onCancel: () => warn('\nStopping; the last checkpoint stands.'),
        })
      : null
  try {
    const result = await train({ interrupts: given ?? own ?? {}, onEvent, stopAfter })
    display.stop()
    for (const { warning } of [failures, updates]) {
      const text = warning()
      if (text !== null) warn(text)
    }
    console.log(`${result.step} of ${result.totalSteps} steps: ${result.status}`)
    if (result.status !== 'complete')
      console.log(`To go on: ${given === undefined ? withoutSteps(again) : again}`)
    if (result.checkpoint !== null) console.log(`Checkpoint: ${result.checkpoint.policy}`)
    console.log(`Run: ${result.path}`)
    return result
  } finally {
    display.stop()
    own?.stop()
  }
}

/** What the command line says of a configuration. */
export function trainingOverrides({ model, data, name, output, seed }: TrainArguments): TrainingOverrides {
  return { model, data, name, output, seed }
}

/** A command that goes on stops where the configuration says. Others than `train` mean something else by `--steps`. */
function withoutSteps(command: string): string {
  return command.replace(/ --steps(?:=| )\S+/, '')
}
