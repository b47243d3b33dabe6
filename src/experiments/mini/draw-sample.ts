import type { BoardConfig } from '../../data/card-board/board-config.js'
import type { BoardGlyphs } from '../../data/card-board/board-glyphs.js'
import { boardTask } from '../../data/card-board/board-task.js'
import { createRandom, type Random } from '../../data/demo/random.js'
import { uniformStream } from '../../core/uniform-stream.js'
import { baseSample } from './base-sample.js'
import type { MiniStageConfig, Mixture } from './mini-config.js'
import { MINI_TASKS, type MiniSample, type MiniTaskName } from './mini-sample.js'
import type { Mistake } from './mistakes.js'
import { sheetSample } from './sheet-sample.js'
import { trajectorySample } from './trajectory-sample.js'

export interface DrawRequest {
  readonly config: Pick<MiniStageConfig, 'boards' | 'mistakes' | 'hasty' | 'curious'>
  readonly glyphs: BoardGlyphs
  /** Names the stream: that of training, or that of a measurement. */
  readonly seed: string
  readonly index: number
}

/** Draw sample `index` of a stream, with a task out of the mixture. It depends on nothing but what is given. */
export async function drawSample({
  mixture,
  ...request
}: DrawRequest & { mixture: Mixture }): Promise<MiniSample> {
  const uniform = uniformStream(`${request.seed}/task/${request.index}`)
  return drawTaskSample({ ...request, task: pickTask({ mixture, at: uniform() }) })
}

/** The same of one task. */
export async function drawTaskSample({
  config,
  glyphs,
  seed,
  index,
  task,
}: DrawRequest & { task: MiniTaskName }): Promise<MiniSample> {
  const board = boardTask({ config: boardsOf({ config, task, seed, index }), glyphs, index })
  const view = { minPixels: config.boards.view ** 2, maxPixels: config.boards.view ** 2 }
  const random = createRandom({ seed: `${seed}/steps/${index}` })
  if (task === 'glyph' || task === 'tiles' || task === 'sheet')
    return sheetSample({ task, board, glyphs, random, view })
  if (task !== 'trajectory' && task !== 'reading') return baseSample({ task, board, random, view })
  const mistake = task === 'reading' ? null : drawMistake({ mistakes: config.mistakes, random })
  const needed = board.plan.family === 'find' ? 1 : 0
  const isHasty = task === 'trajectory' && happens({ share: config.hasty, random })
  // Nothing is drawn where nobody is curious: the samples of a configuration are those that they were.
  const more = config.curious > 0 && happens({ share: config.curious, random }) ? random.integer(1, 2) : 0
  const zooms = (isHasty ? 0 : needed) + more
  const learned = task === 'reading' ? 'answer' : config.mistakes.learned ? 'all' : 'all but mistakes'
  return trajectorySample({ board, mistake, zooms, learned, random, view })
}

function pickTask({ mixture, at }: { mixture: Mixture; at: number }): MiniTaskName {
  const total = MINI_TASKS.reduce((sum, task) => sum + (mixture[task] ?? 0), 0)
  let left = at * total
  for (const task of MINI_TASKS) {
    left -= mixture[task] ?? 0
    if (left < 0) return task
  }
  throw new RangeError('expected a mixture with a share above 0, got none')
}

function drawMistake({
  mistakes: { share, kinds },
  random,
}: {
  mistakes: MiniStageConfig['mistakes']
  random: Random
}): Mistake | null {
  return happens({ share, random }) ? random.pick(kinds) : null
}

function happens({ share, random }: { share: number; random: Random }): boolean {
  return random.integer(1, 10_000) <= share * 10_000
}

/** Orientation is asked about, and trajectories begin, with pictures in any orientation; all else with upright ones. Small numbers cannot be read in the view. */
function boardsOf({
  config: { boards },
  task,
  seed,
  index,
}: {
  config: DrawRequest['config']
  task: MiniTaskName
  seed: string
  index: number
}): BoardConfig {
  const own = { ...boards, seed: `${seed}/${task}` }
  const upright = { ...own, transforms: ['none' as const] }
  const loose = looseness({ seed, index })
  const eased = { ...upright, jitter: loose === 0 ? 0 : boards.jitter, shift: boards.shift * loose }
  switch (task) {
    case 'trajectory':
    case 'reading':
    case 'orientation':
      return own
    case 'colours':
      return upright
    case 'boxes':
    case 'places':
      return eased
    case 'glyph':
    case 'tiles':
    case 'sheet':
    case 'digits':
      return { ...eased, families: ['find'] }
    case 'numbers':
    case 'direct':
      return { ...eased, families: ['read'] }
  }
}

/** Half of the pictures are in order, and learned first: cards in the same place of their cells, numbers in the middle of their cards. In the others things stand as far off as in trajectories, or less. */
function looseness({ seed, index }: { seed: string; index: number }): number {
  return Math.max(0, 2 * uniformStream(`${seed}/looseness/${index}`)() - 1)
}
