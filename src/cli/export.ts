import type { CommandModule } from 'yargs'
import { UsageError } from '../core/errors.js'
import { TRANSFORMS, type Transform } from '../core/transform.js'
import { EXPORT_FORMATS, type ExportFormat } from '../evaluation/export/export-run.js'
import { oneOf } from './one-of.js'
import { EXIT } from './report-failure.js'

interface ExportArguments {
  run: string
  format: ExportFormat
  output: string
  profile: string | undefined
  transform: Transform | undefined
  epoch: number
}

export const exportCommand: CommandModule<object, ExportArguments> = {
  command: 'export <run>',
  describe: "Write a run's answers as another tool's file, for its scorer",
  builder: (command) =>
    command
      .positional('run', { type: 'string', demandOption: true, describe: 'Run folder' })
      .option('format', {
        ...oneOf('--format', EXPORT_FORMATS),
        demandOption: true,
        describe: 'lmms-eval: its samples (JSONL); vlmevalkit: its predictions (TSV)',
      })
      .option('output', { type: 'string', demandOption: true, describe: 'File to write' })
      .option('profile', {
        type: 'string',
        describe: "Scoring that `score` gave the run [default: the run's own]",
      })
      .option('transform', {
        ...oneOf('--transform', TRANSFORMS),
        describe: 'Only samples of this transformation',
      })
      .option('epoch', { type: 'number', default: 0, describe: 'Which sample of each row, from 0' })
      .example(
        '$0 export runs/ocr --format vlmevalkit --transform none --output predictions.tsv',
        "For VLMEvalKit's scorer",
      )
      .example(
        '$0 export runs/ocr --format lmms-eval --transform none --output samples.jsonl',
        "For lmms-eval's",
      )
      .check(({ epoch }) => {
        if (!Number.isInteger(epoch) || epoch < 0)
          throw new UsageError(`--epoch: expected a whole number from 0, got ${epoch}`)
        return true
      }),
  handler: async ({ run: path, format, output, profile = null, transform = null, epoch }) => {
    const { openScoredRun } = await import('../evaluation/scored-run.js')
    const { exportRun } = await import('../evaluation/export/export-run.js')
    const scored = await openScoredRun({ path, profile })
    const { samples, excluded, otherEpochs, unnumbered } = await exportRun({
      scored,
      format,
      file: output,
      transform,
      epoch,
    })
    if (excluded > 0)
      console.log(`${excluded} samples without an answer (failures of the machine) are left out.`)
    if (unnumbered !== null)
      console.log(
        `${unnumbered.count} rows have no number of the data set's own, where others do; they were given numbers from ${unnumbered.first} on.`,
      )
    if (otherEpochs > 0)
      console.log(`Epoch ${epoch} alone; ${otherEpochs} samples of other epochs are left out (--epoch).`)
    console.log(`Written: ${output} (${samples} ${samples === 1 ? 'sample' : 'samples'})`)
    process.exitCode = EXIT.complete
  },
}
