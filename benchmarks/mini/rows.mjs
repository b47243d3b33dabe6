// Questions about boards of cards as rows of the mini world, to evaluate a small model with.
//
//     npm run build && node benchmarks/mini/rows.mjs --out runs/mini-rows [--rows 360] [--seed evaluation] [--families read,find] [--transforms none,rotate_90]
import { parseArgs } from 'node:util'
import { parseBoardConfig } from '../../dist/data/card-board/board-config.js'
import { writeBoards } from '../../dist/data/card-board/write-boards.js'

const { values: options } = parseArgs({
  options: {
    out: { type: 'string' },
    rows: { type: 'string', default: '360' },
    seed: { type: 'string', default: 'evaluation' },
    families: { type: 'string' },
    transforms: { type: 'string' },
  },
})
if (options.out === undefined) throw new Error('expected --out FOLDER')
const config = parseBoardConfig({
  seed: options.seed,
  ...(options.families !== undefined && { families: options.families.split(',') }),
  ...(options.transforms !== undefined && { transforms: options.transforms.split(',') }),
})
console.log(
  await writeBoards({ config, folder: options.out, rows: Number(options.rows), split: options.seed }),
)
