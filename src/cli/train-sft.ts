import { expectTrainingFiles } from '../config/expect-training-files.js'
import { loadSftConfig } from '../config/training-config.js'
import { closeAfter } from '../core/close-after.js'
import { openSft } from '../open-sft.js'
import type { TrainingResult } from '../training/loop/train-loop.js'
import { trainSft } from '../training/sft.js'
import { resumeCommand } from './resume-command.js'
import type { TrainArguments } from './train.js'
import { trainingOverrides, trainingSession } from './training-session.js'

const print = (line: string): void => console.error(line)

/** Fine-tune on conversations as a configuration says; closes whatever it opened. */
export async function trainSftConfig(given: TrainArguments): Promise<TrainingResult> {
  const [path, overrides] = [given.config, trainingOverrides(given)]
  const config = await loadSftConfig({ path, overrides })
  await expectTrainingFiles({ path, overrides })
  const mode = given.resume ? 'resume' : 'create'
  const { parameters, close } = await openSft({ config, mode, onWarning: print, onPlanned: print })
  return closeAfter({
    work: () =>
      trainingSession({
        ...{ again: resumeCommand(), stopAfter: given.steps },
        train: (session) => trainSft({ ...parameters, ...session }),
      }),
    close: [close],
  })
}
