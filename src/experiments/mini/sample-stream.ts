import { boardGlyphs } from '../../data/card-board/board-glyphs.js'
import { drawSample, drawTaskSample } from './draw-sample.js'
import type { MiniStageConfig } from './mini-config.js'
import type { MiniSample, MiniTaskName } from './mini-sample.js'
import { mixtureAt } from './mixture-at.js'

/** Samples of a stage, any of which can be asked for at any time: a stage that is resumed goes on where it was. */
export interface SampleStream {
  /** Those of a training step, from 0. */
  batch(step: number): Promise<MiniSample[]>
  /** Others, none of which is trained on, of one task. */
  held(given: { task: MiniTaskName; count: number }): Promise<MiniSample[]>
}

/** Open the stream of a configuration. */
export async function openSampleStream(config: MiniStageConfig): Promise<SampleStream> {
  const glyphs = await boardGlyphs(config.boards)
  return {
    async batch(step) {
      const mixture = mixtureAt({ ...config, step })
      const samples: MiniSample[] = []
      for (let slot = 0; slot < config.batch; slot++) {
        const index = step * config.batch + slot
        samples.push(await drawSample({ config, glyphs, seed: `${config.seed}/train`, index, mixture }))
      }
      return samples
    },
    async held({ task, count }) {
      const samples: MiniSample[] = []
      for (let index = 0; index < count; index++)
        samples.push(await drawTaskSample({ config, glyphs, seed: `${config.seed}/held`, index, task }))
      return samples
    },
  }
}
