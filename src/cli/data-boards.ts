import type { CommandModule } from 'yargs'
import { TRANSFORMS } from '../core/transform.js'
import { FAMILIES } from '../data/mini-world/vocabulary.js'
import { numberOf } from './number-of.js'
import { numbersOf } from './numbers-of.js'
import { someOf } from './some-of.js'
import { textOf } from './text-of.js'

interface BoardsArguments {
  out: string
  rows: number
  seed: string
  split: string
  families: (typeof FAMILIES)[number][] | undefined
  transforms: (typeof TRANSFORMS)[number][] | undefined
  jitter: number
  cards: number[] | undefined
}

const CARDS = [4, 7]

export const dataBoardsCommand: CommandModule<object, BoardsArguments> = {
  command: 'boards',
  describe: 'Draw boards of coloured cards: the mini world for models of a few million parameters',
  builder: (command) =>
    command
      .option('out', {
        ...textOf('--out', 'a folder'),
        demandOption: true,
        describe: 'Folder for rows.parquet',
      })
      .option('rows', { ...numberOf('--rows'), default: 360, describe: 'Questions' })
      .option('seed', {
        ...textOf('--seed', 'a text that the boards follow from'),
        default: 'boards',
        describe: 'Same seed, same bytes',
      })
      .option('split', {
        ...textOf('--split', 'a name'),
        default: 'test',
        describe: 'Name of the split in the rows',
      })
      .option('families', {
        ...someOf('--families', FAMILIES),
        defaultDescription: FAMILIES.join(' '),
        describe: 'read: large, to be turned only; find: to be cropped too',
      })
      .option('transforms', {
        ...someOf('--transforms', TRANSFORMS),
        defaultDescription: TRANSFORMS.join(' '),
        describe: 'Orientations, each equally often',
      })
      .option('jitter', {
        ...numberOf('--jitter'),
        default: 64,
        describe: 'How far cards stand from their order, in pixels: 0 or 64',
      })
      .option('cards', {
        ...numbersOf('--cards'),
        defaultDescription: CARDS.join(' '),
        describe: 'Least and most cards on a board of `find`',
      })
      .example(
        '$0 data boards --out boards',
        'Then: codevision eval boards/rows.parquet --max-pixels 16384 --judge none',
      ),
  handler: async (given) => {
    const { parseBoardConfig } = await import('../data/card-board/board-config.js')
    const { drawBoards } = await import('./draw-boards.js')
    const { out, rows, split, seed, families, transforms, jitter } = given
    // One number is refused by the check, which tells what was expected.
    const cards = (given.cards ?? CARDS) as [number, number]
    const config = parseBoardConfig({ seed, families, transforms, jitter, cards })
    console.log(`Rows: ${await drawBoards({ config, folder: out, rows, split, option: '--out' })}`)
  },
}
