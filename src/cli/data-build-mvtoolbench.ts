import { join } from 'node:path'
import type { CommandModule } from 'yargs'
import type { BuildOptions } from '../data/mvtoolbench-build/build-parameters.js'
import { IMAGE_FORMS } from '../data/mvtoolbench-build/image-form.js'
import { QUESTION_KINDS } from '../data/mvtoolbench-build/question-kind.js'
import { createBuildDisplay } from './build-display.js'
import { listenForInterrupts } from './interrupts.js'
import { oneOf } from './one-of.js'
import { someOf } from './some-of.js'

/** The view of about 0.4 Mpx that the demo gives too: 512 visual tokens of 28 × 28 pixels. */
const VIEW_PIXELS = 512 * 28 * 28

interface BuildArguments extends Omit<BuildOptions, 'kinds'> {
  kinds: BuildOptions['kinds'] | undefined
}

export const dataBuildMvtoolbenchCommand: CommandModule<object, BuildArguments> = {
  command: 'build-mvtoolbench',
  describe: "Build a suite in MVToolBench's layout from HierText's annotations",
  builder: (command) =>
    command
      .option('annotations', {
        type: 'string',
        demandOption: true,
        describe: "HierText's train, validation or test file, plain or gzipped",
      })
      .option('images', {
        type: 'string',
        demandOption: true,
        describe: 'Folder of its images, <image_id>.jpg or .png',
      })
      .option('output', {
        type: 'string',
        demandOption: true,
        describe: 'FILE.parquet, or FILE.jsonl with a folder of images beside it',
      })
      .option('rows', { type: 'number', default: 300, describe: 'Questions, over all splits' })
      .option('seed', {
        type: 'string',
        default: 'mvtoolbench',
        describe: 'Other seed, other images and questions',
      })
      .option('kinds', {
        ...someOf('--kinds', QUESTION_KINDS),
        defaultDescription: QUESTION_KINDS.join(' '),
        describe: 'What is asked',
      })
      .option('max-area', {
        type: 'number',
        default: 0.0001,
        describe: "Largest share of the image's area that a text in question may take",
      })
      .option('min-height', {
        type: 'number',
        default: 8,
        describe: 'Height of text, in pixels, below which it cannot be read',
      })
      .option('view-pixels', {
        type: 'number',
        default: VIEW_PIXELS,
        describe: 'Pixels of the view in which the text must not be readable; 0: the area alone decides',
      })
      .option('handwritten', { type: 'boolean', default: false, describe: 'Ask about handwriting too' })
      .option('split', {
        type: 'string',
        array: true,
        default: ['test'],
        describe: 'Name of the split, or several with shares: train=0.8 test=0.2',
      })
      .option('per-image', { type: 'number', default: 1, describe: 'Questions about one image at most' })
      .option('image-form', {
        ...oneOf('--image-form', IMAGE_FORMS),
        default: 'given' as const,
        describe: 'Write images transformed (PNG), or as they are, for the loader to transform',
      })
      .option('check', {
        type: 'boolean',
        default: false,
        describe: 'Read the output again and prove every box; one that is there already is only checked',
      })
      .example(
        '$0 data build-mvtoolbench --annotations validation.jsonl.gz --images validation --output mvtb.parquet --check',
        '300 questions, then: codevision eval mvtb.parquet',
      )
      .example(
        '$0 data build-mvtoolbench --annotations train.jsonl.gz --images train --output mvtb.jsonl --image-form canonical --rows 2000 --split train=0.9 test=0.1',
        'Two files that share no image, images as they are',
      ),
  handler: async (options) => {
    const { buildMvtoolbench } = await import('../data/mvtoolbench-build/build-mvtoolbench.js')
    const { parseBuildParameters } = await import('../data/mvtoolbench-build/build-parameters.js')
    const { renderReport } = await import('../data/mvtoolbench-build/render-report.js')
    const parameters = parseBuildParameters(optionsOf(options))
    const display = createBuildDisplay()
    const interrupts = listenForInterrupts({
      onDrain: () => console.error('\nStopping; nothing is left behind.'),
      onCancel: () => undefined,
    })
    try {
      const { report, paths, isBuilt, checked } = await buildMvtoolbench(parameters, {
        onStep: (step) => display.update(step),
        signal: interrupts.drain,
      })
      display.stop()
      console.log(renderReport(report).join('\n'))
      if (checked !== null)
        console.log(
          `\nChecked: the box of each of ${checked} rows, undone, is the crop of its image, pixel for pixel.`,
        )
      if (!isBuilt) return
      for (const file of paths.files.values()) console.log(`Rows: ${join(paths.folder, file)}`)
      console.log(`To look at: ${join(paths.folder, paths.sheet)}`)
      console.log(`Report: ${join(paths.folder, paths.report)}`)
    } finally {
      display.stop()
      interrupts.stop()
    }
  },
}

/** Without what the parser adds (aliases in camel case, `_`, `$0`). */
function optionsOf(given: BuildArguments): BuildOptions {
  return {
    annotations: given.annotations,
    images: given.images,
    output: given.output,
    rows: given.rows,
    seed: given.seed,
    kinds: given.kinds ?? [...QUESTION_KINDS],
    'max-area': given['max-area'],
    'min-height': given['min-height'],
    'view-pixels': given['view-pixels'],
    handwritten: given.handwritten,
    split: given.split,
    'per-image': given['per-image'],
    'image-form': given['image-form'],
    check: given.check,
  }
}
