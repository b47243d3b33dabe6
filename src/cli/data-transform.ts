import { dirname, extname, resolve } from 'node:path'
import type { CommandModule } from 'yargs'
import { TRANSFORMS, type Transform } from '../core/transform.js'
import { someOf } from './some-of.js'

interface TransformArguments {
  what: string
  output: string
  data: string | undefined
  transforms: Transform[] | undefined
  limit: string | undefined
  seed: number
}

export const dataTransformCommand: CommandModule<object, TransformArguments> = {
  command: 'transform <what>',
  describe: 'Write rows with their images turned and mirrored, losslessly',
  builder: (command) =>
    command
      .positional('what', {
        type: 'string',
        demandOption: true,
        describe: "A suite's name, or a data file (.parquet, .jsonl, .tsv) of untransformed rows",
      })
      .option('output', {
        type: 'string',
        demandOption: true,
        describe: 'File to write (.parquet or .jsonl)',
      })
      .option('data', {
        type: 'string',
        describe: "Local file or folder to take instead of the suite's own source",
      })
      .option('transforms', {
        ...someOf('--transforms', TRANSFORMS),
        describe: 'What to apply, a row for each [default: those of the suite; else all six, none included]',
      })
      .option('limit', { type: 'string', describe: 'Only the first n of the rows to be written, or a-b' })
      .option('seed', { type: 'number', default: 0, describe: 'Seed of whatever the suite draws' })
      .example(
        '$0 data transform rows.jsonl --output turned.parquet --transforms rotate_90 flip_vertical',
        'Two rows for each, boxes mapped',
      )
      .example('$0 data transform ocrbench --output ocrbench.parquet', 'OCRBench in its six orientations'),
  handler: async ({ what, output, data, transforms, limit, seed }) => {
    const { parseLimit } = await import('../config/parse-limit.js')
    const { checkLimit } = await import('../data/check-limit.js')
    const { loadSuite } = await import('../data/load-suite.js')
    const { ROW_FORMATS } = await import('../data/locate-data.js')
    const { writeTasks } = await import('../data/write-tasks.js')
    const { makeFolder } = await import('../config/make-folder.js')
    const { createDownloadDisplay } = await import('./download-display.js')
    const { createDisplay } = await import('./display.js')
    const { listenForInterrupts } = await import('./interrupts.js')
    const range = limit === undefined ? null : parseLimit(limit)
    const isFile = (ROW_FORMATS as readonly string[]).includes(extname(what))
    const isWanted = (index: number): boolean =>
      range === null || (index + 1 >= range.first && index < range.last)
    const downloads = createDownloadDisplay()
    const interrupts = listenForInterrupts({
      onDrain: () => console.error(`\nStopping; ${output} is not written.`),
      onCancel: () => undefined,
    })
    const display = createDisplay<{ done: number; total: number }>({
      format: '{name} {bar} {note} · {eta_formatted} left',
      show: ({ done, total }) => {
        const note = `${done} of ${total} rows`
        return { name: 'writing', value: done, total, note, line: `writing ${note}` }
      },
    })
    try {
      const suite = await loadSuite({
        suite: what,
        data,
        transforms: transforms ?? (isFile ? TRANSFORMS : undefined),
        seed,
        signal: interrupts.drain,
        onProgress: downloads.update,
      }).finally(downloads.stop)
      checkLimit({ limit: range, suite })
      for (const notice of suite.notices) console.error(notice)
      await makeFolder(dirname(resolve(output)))
      const total = Array.from({ length: suite.count }, (_, index) => index).filter(isWanted).length
      const written = await writeTasks({
        path: output,
        suite,
        isWanted,
        onRow: (done) => display.update({ done, total }),
        signal: interrupts.drain,
      })
      display.stop()
      console.log(`${written} rows: ${output}`)
    } finally {
      display.stop()
      interrupts.stop()
    }
  },
}
