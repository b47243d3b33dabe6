import type { CommandModule } from 'yargs'
import { TRANSFORMS } from '../core/transform.js'
import type { MiniWorldOptions } from '../data/mini-world/mini-world-config.js'
import { CORRUPTIONS, FAMILIES, KINDS, STYLES } from '../data/mini-world/vocabulary.js'
import { createBuildDisplay } from './build-display.js'
import { listenForInterrupts } from './interrupts.js'
import { numbersOf } from './numbers-of.js'
import { someOf } from './some-of.js'

interface SynthArguments extends Omit<MiniWorldOptions, 'items'> {
  out: string
  items: number[] | undefined
  canonical: boolean
}

export const dataSynthCommand: CommandModule<object, SynthArguments> = {
  command: 'synth',
  describe:
    'Draw a mini world: pictures with exact answers that must be turned, cropped and cleaned to be read',
  builder: (command) =>
    command
      .option('out', {
        type: 'string',
        demandOption: true,
        describe: 'Folder for rows.parquet and report.json',
      })
      .option('rows', { type: 'number', default: 1000, describe: 'Questions' })
      .option('seed', { type: 'string', default: 'mini', describe: 'Same seed, same bytes' })
      .option('split', {
        type: 'string',
        default: 'train',
        describe: 'Name of the split in the rows; give each its own seed',
      })
      .option('families', {
        ...someOf('--families', FAMILIES),
        defaultDescription: FAMILIES.join(' '),
        describe: 'read: large, to be turned only; find: to be cropped too',
      })
      .option('styles', {
        ...someOf('--styles', STYLES),
        defaultDescription: STYLES.join(' '),
        describe: 'What pictures show',
      })
      .option('kinds', {
        ...someOf('--kinds', KINDS),
        defaultDescription: KINDS.join(' '),
        describe: 'What is asked',
      })
      .option('transforms', {
        ...someOf('--transforms', TRANSFORMS),
        defaultDescription: TRANSFORMS.join(' '),
        describe: 'Orientations, each equally often',
      })
      .option('corruptions', {
        ...someOf('--corruptions', CORRUPTIONS),
        defaultDescription: CORRUPTIONS.join(' '),
        describe: 'What spoils pictures besides',
      })
      .option('corrupted', {
        type: 'number',
        default: 0.25,
        describe: 'Share of rows whose picture is spoilt',
      })
      .option('pairs', {
        type: 'number',
        default: 0.25,
        describe: 'Share of comparing and adding rows that need two pictures',
      })
      .option('size', {
        type: 'number',
        default: 1024,
        describe: "Side of the square of a picture's area, in pixels",
      })
      .option('view', {
        type: 'number',
        default: 224 * 224,
        describe: 'Pixels of the view in which `find` must not be readable',
      })
      .option('items', {
        ...numbersOf('--items'),
        defaultDescription: '5 8',
        describe: 'Least and most things in a picture of `find`',
      })
      .option('digits', { type: 'number', default: 3, describe: 'Digits of a number' })
      .option('read-height', {
        type: 'number',
        default: 13,
        describe: 'Height of text in `read`, in pixels of the view',
      })
      .option('find-height', {
        type: 'number',
        default: 4,
        describe: 'Height of text in question in `find`, in pixels of the view',
      })
      .option('jitter', { type: 'number', default: 0.5, describe: 'Disorder, 0 to 1' })
      .option('canonical', {
        type: 'boolean',
        default: false,
        describe: 'Write the pictures upright and clean too, into canonical/',
      })
      .example(
        '$0 data synth --rows 300 --seed 1 --out mini',
        'Then: codevision eval mini/rows.parquet --judge none',
      )
      .example(
        '$0 data synth --rows 20000 --families find --styles cards --size 512 --view 16384 --out cards',
        'Cards alone, for a model that sees 128 × 128 pixels',
      )
      .example('$0 data synth --find-height 2.8 --items 8 8 --jitter 1 --corrupted 0.5 --out hard', 'Harder'),
  handler: async (given) => {
    const { parseMiniWorldConfig } = await import('../data/mini-world/mini-world-config.js')
    const { writeMiniWorld } = await import('../data/mini-world/write-mini-world.js')
    const config = parseMiniWorldConfig(optionsOf(given))
    const display = createBuildDisplay()
    const interrupts = listenForInterrupts({
      onDrain: () => console.error('\nStopping; nothing is left behind.'),
      onCancel: () => undefined,
    })
    try {
      const { report, path } = await writeMiniWorld({
        config,
        folder: given.out,
        keepCanonical: given.canonical,
        onRow: (done) => display.update({ step: 'writing', done, total: config.rows }),
        signal: interrupts.drain,
      })
      display.stop()
      for (const [choice, counts] of Object.entries(report.tally))
        console.log(
          `${choice.padEnd(11)}${Object.entries(counts)
            .map(([name, rows]) => `${name} ${rows}`)
            .join(' · ')}`,
        )
      console.log(`\nRows: ${path}`)
    } finally {
      display.stop()
      interrupts.stop()
    }
  },
}

/** Without what the parser adds (aliases in camel case, `_`, `$0`). */
function optionsOf(given: SynthArguments): MiniWorldOptions {
  return {
    rows: given.rows,
    seed: given.seed,
    split: given.split,
    families: given.families,
    styles: given.styles,
    kinds: given.kinds,
    transforms: given.transforms,
    corruptions: given.corruptions,
    corrupted: given.corrupted,
    pairs: given.pairs,
    size: given.size,
    view: given.view,
    // One number is refused by the check, which tells what was expected.
    items: given.items as [number, number] | undefined,
    digits: given.digits,
    'read-height': given['read-height'],
    'find-height': given['find-height'],
    jitter: given.jitter,
  }
}
