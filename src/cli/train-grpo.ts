import { expectTrainingFiles } from '../config/expect-training-files.js'
import { loadGrpoConfig } from '../config/training-config.js'
import type { GrpoConfig } from '../config/training-schema.js'
import { closeAfter } from '../core/close-after.js'
import type { Interrupts } from '../evaluation/run/evaluate.js'
import { openGrpo } from '../open-grpo.js'
import { trainGrpo } from '../training/grpo.js'
import type { TrainingResult } from '../training/loop/train-loop.js'
import { createDownloadDisplay } from './download-display.js'
import { resumeCommand } from './resume-command.js'
import { createRetryNotice } from './retry-notice.js'
import type { TrainArguments } from './train.js'
import { trainingOverrides, trainingSession } from './training-session.js'

/** Train by rewards as a command line says. */
export async function trainGrpoCommand(given: TrainArguments): Promise<TrainingResult> {
  const [path, overrides] = [given.config, trainingOverrides(given)]
  const config = await loadGrpoConfig({ path, overrides })
  await expectTrainingFiles({ path, overrides })
  return trainGrpoConfig({
    config,
    mode: given.resume ? 'resume' : 'create',
    again: resumeCommand(),
    stopAfter: given.steps,
  })
}

/**
 * Train by rewards as a configuration says; closes whatever it opened.
 * @param parameters.again command that goes on when it was stopped
 * @param parameters.interrupts of a command that listens for Ctrl-C itself; else it is listened for once the policy is there
 */
export async function trainGrpoConfig({
  config,
  mode,
  again,
  stopAfter,
  interrupts,
}: {
  config: GrpoConfig
  mode: 'create' | 'resume'
  again: string
  stopAfter?: number | undefined
  interrupts?: Interrupts | undefined
}): Promise<TrainingResult> {
  const downloads = createDownloadDisplay()
  const print = (line: string): void => {
    downloads.stop()
    console.error(line)
  }
  const { parameters, close } = await openGrpo({
    ...{ config, mode },
    onWarning: print,
    onPlanned: print,
    onRetry: createRetryNotice(),
    onDownload: downloads.update,
  }).finally(downloads.stop)
  return closeAfter({
    work: () =>
      trainingSession({
        ...{ again, stopAfter, interrupts },
        train: (session) => trainGrpo({ ...parameters, ...session }),
      }),
    close: [close],
  })
}
