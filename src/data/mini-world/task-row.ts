import type { NewRow } from '../write-parquet.js'
import type { MiniTask } from './draw-task.js'
import type { MiniWorldConfig } from './mini-world-config.js'

/** A task as a row in the MVToolBench schema. Neither its name nor those of its pictures tell what was done to them. */
export function taskRow({
  task: { plan, question, answer, box, requiredTools, pictures },
  config,
}: {
  task: MiniTask
  config: MiniWorldConfig
}): NewRow {
  const { index, family, style, kind, transform, corruption, secondCorruption, isPair } = plan
  const name = rowName(index)
  return {
    index,
    question,
    answer,
    images: pictures.map(({ given }, at) => ({ bytes: given, path: `${name}-${at}.png` })),
    transform: [
      ...(transform === 'none' ? [] : [transform]),
      ...(requiredTools.includes('crop') ? ['crop'] : []),
    ],
    box,
    split: config.split,
    datasetName: 'mini-world',
    dataSource: 'mini-world',
    annotation: {
      id: name,
      category: `${family}/${kind}`,
      metadata: {
        family,
        style,
        kind,
        corruption: corruption ?? 'none',
        ...(isPair && { second_corruption: secondCorruption ?? 'none' }),
        images: isPair ? 2 : 1,
        // `bbox` is that of the first picture alone.
        boxes: pictures.map((picture) => [...picture.box]),
        seed: config.seed,
        view: config.view,
      },
    },
  }
}

export function rowName(index: number): string {
  return `mini-${String(index).padStart(6, '0')}`
}
