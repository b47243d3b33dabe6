import type { CommandModule } from 'yargs'
import { UsageError } from '../core/errors.js'
import { TRANSFORMS, type Transform } from '../core/transform.js'
import { EXPORT_FORMATS, type ExportFormat } from '../evaluation/export/export-run.js'
import type { ScoredRun } from '../evaluation/scored-run.js'
import { oneOf } from './one-of.js'
import { EXIT } from './report-failure.js'

interface ExportArguments {
  run: string
  format: ExportFormat | 'verifiers'
  output: string
  profile: string | undefined
  transform: Transform | undefined
  epoch: number | undefined
}

export const exportCommand: CommandModule<object, ExportArguments> = {
  command: 'export <run>',
  describe: "Write a run's answers as another tool's file, for its scorer",
  builder: (command) =>
    command
      .positional('run', { type: 'string', demandOption: true, describe: 'Run folder' })
      .option('format', {
        ...oneOf('--format', [...EXPORT_FORMATS, 'verifiers'] as const),
        demandOption: true,
        describe: 'lmms-eval: its samples (JSONL); vlmevalkit: its predictions (TSV); verifiers: a run of it',
      })
      .option('output', { type: 'string', demandOption: true, describe: 'File to write; verifiers: folder' })
      .option('profile', {
        type: 'string',
        describe: "Scoring that `score` gave the run [default: the run's own]",
      })
      .option('transform', {
        ...oneOf('--transform', TRANSFORMS),
        describe: 'Only samples of this transformation',
      })
      .option('epoch', {
        type: 'number',
        describe: 'Which sample of each row, from 0 [default: 0; verifiers: all]',
      })
      .example(
        '$0 export runs/ocr --format vlmevalkit --transform none --output predictions.tsv',
        "For VLMEvalKit's scorer",
      )
      .example(
        '$0 export runs/ocr --format lmms-eval --transform none --output samples.jsonl',
        "For lmms-eval's",
      )
      .example(
        '$0 export runs/ocr --format verifiers --output traces',
        'With what the model saw; vf-replay traces',
      )
      .check(({ epoch }) => {
        if (epoch !== undefined && (!Number.isInteger(epoch) || epoch < 0))
          throw new UsageError(`--epoch: expected a whole number from 0, got ${epoch}`)
        return true
      }),
  handler: async ({ run: path, format, output, profile = null, transform = null, epoch }) => {
    const { openScoredRun } = await import('../evaluation/scored-run.js')
    const scored = await openScoredRun({ path, profile })
    if (format === 'verifiers') await writeTraces({ scored, folder: output, transform, epoch: epoch ?? null })
    else await writeAnswers({ scored, format, file: output, transform, epoch: epoch ?? 0 })
    process.exitCode = EXIT.complete
  },
}

async function writeAnswers({
  file,
  epoch,
  ...what
}: {
  scored: ScoredRun
  format: ExportFormat
  file: string
  transform: Transform | null
  epoch: number
}): Promise<void> {
  const { exportRun } = await import('../evaluation/export/export-run.js')
  const { samples, excluded, otherEpochs, unnumbered } = await exportRun({ ...what, file, epoch })
  if (excluded > 0)
    console.log(`${excluded} samples without an answer (failures of the machine) are left out.`)
  if (unnumbered !== null)
    console.log(
      `${unnumbered.count} rows have no number of the data set's own, where others do; they were given numbers from ${unnumbered.first} on.`,
    )
  tellOtherEpochs({ epoch, otherEpochs })
  console.log(`Written: ${file} (${samples} ${samples === 1 ? 'sample' : 'samples'})`)
}

async function writeTraces({
  folder,
  epoch,
  ...what
}: {
  scored: ScoredRun
  folder: string
  transform: Transform | null
  epoch: number | null
}): Promise<void> {
  const { exportVerifiers } = await import('../evaluation/export/export-verifiers.js')
  const { episodes, failed, otherEpochs } = await exportVerifiers({ ...what, folder, epoch })
  if (failed > 0) console.log(`${failed} of them failed by the machine's fault, and are told as errors.`)
  tellOtherEpochs({ epoch, otherEpochs })
  console.log(`Written: ${folder} (${episodes} ${episodes === 1 ? 'episode' : 'episodes'})`)
}

function tellOtherEpochs({ epoch, otherEpochs }: { epoch: number | null; otherEpochs: number }): void {
  if (otherEpochs > 0)
    console.log(`Epoch ${epoch} alone; ${otherEpochs} samples of other epochs are left out (--epoch).`)
}
