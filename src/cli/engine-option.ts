import type { Options } from 'yargs'
import { MINI_ENGINES } from '../experiments/mini/engines/mini-engine.js'

/** What computes the models of the mini experiment. */
export const ENGINE_OPTION = {
  choices: MINI_ENGINES,
  default: 'tfjs' as const,
  describe: 'What computes: this process, or PyTorch, on a GPU where there is one',
} satisfies Options
