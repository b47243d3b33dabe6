import { openRun } from '../../store/open-run.js'
import type { Run } from '../../store/run.js'
import type { SftSettings, TrainSftParameters } from '../sft.js'
import type { TrainingExamples } from '../training-examples.js'
import { keysHash } from '../training-tasks.js'
import { WORDS } from './grpo-setup.js'
import { createTablePolicy, type TablePolicy } from './table-policy.js'

export const SFT_SETTINGS: SftSettings = {
  seed: 5,
  batch: 4,
  totalSteps: 9,
  learningRate: 0.05,
  schedule: { kind: 'cosine', warmup: { share: 0.2 } },
  aggregation: 'token-mean',
  microBatch: 2,
  maxGradientNorm: 1,
}

/** Conversations of the kind that the policy can write: a call, its result, the right answer. */
export function examplesOf(numbers: readonly number[]): TrainingExamples {
  const [call = ''] = WORDS
  return {
    count: numbers.length,
    sha256: keysHash(numbers.map(String)),
    nameOf: (place) => `talks-${numbers[place]}`,
    read: (place) => {
      const number = numbers[place] ?? -1
      const say = (role: 'user' | 'assistant' | 'tool', text: string) => ({
        role,
        content: [{ type: 'text' as const, text }],
      })
      return Promise.resolve({
        messages: [
          say('user', `Which number is ${number}?`),
          say('assistant', call),
          say('tool', 'Image 1 is the result.'),
          say('assistant', `<answer>${number}</answer>`),
        ],
        tools: [],
      })
    },
  }
}

/** A small training on conversations. The caller closes the run. */
export async function setUpSft({
  path,
  mode = 'create',
  settings = {},
}: {
  path: string
  mode?: 'create' | 'resume'
  settings?: Partial<SftSettings>
}): Promise<{ policy: TablePolicy; run: Run; parameters: TrainSftParameters }> {
  const policy = createTablePolicy({ words: WORDS, seed: 11 })
  const manifest = { identity: { head: 'test' }, config: {}, environment: {} }
  const run = await openRun({ path, mode, manifest })
  const examples = examplesOf([0, 1, 2, 3, 4, 5, 0, 1, 2, 3])
  return { policy, run, parameters: { run, policy, examples, settings: { ...SFT_SETTINGS, ...settings } } }
}
