import { dirname } from 'node:path'
import type { CommandModule } from 'yargs'
import { UsageError } from '../core/errors.js'
import { OUTCOMES, type Outcome } from '../core/sample.js'
import { TRAINING_FORMATS, type TrainingFormat } from '../curation/export/export-format.js'
import { IMAGE_CHOICES, type ImageChoice } from '../data/conversations/sample-conversation.js'
import { createCountDisplay } from './count-display.js'
import { oneOf } from './one-of.js'
import { EXIT } from './report-failure.js'
import { someOf } from './some-of.js'

interface ExportArguments {
  source: string
  format: TrainingFormat
  out: string
  file: string | undefined
  images: ImageChoice | undefined
  outcomes: Outcome[] | undefined
  'system-prompt': string | undefined
  split: string | undefined
}

export const dataExportCommand: CommandModule<object, ExportArguments> = {
  command: 'export <source>',
  describe: 'Write trajectories or questions as training data for LLaMA-Factory, verl and others',
  builder: (command) =>
    command
      .positional('source', {
        type: 'string',
        demandOption: true,
        describe:
          'Run folder (of data curate: what was kept; of eval: correct samples), conversations (sharegpt .json or .jsonl, our .jsonl, a folder with dataset_info.json), or questions (.parquet, .jsonl, .tsv; for verl)',
      })
      .option('format', {
        ...oneOf('--format', TRAINING_FORMATS),
        demandOption: true,
        describe:
          "sharegpt: as the paper's SFT set; llamafactory: the same with dataset_info.json; verl: parquet for RL; jsonl: our own, with everything that is known",
      })
      .option('out', { type: 'string', demandOption: true, describe: 'Folder to write to' })
      .option('file', {
        type: 'string',
        describe: 'Name of the data file there; .json is one list, .jsonl a row a line',
      })
      .option('images', {
        ...oneOf('--images', IMAGE_CHOICES),
        describe: 'Of a run: the copies that the model saw, or full resolution [default: view]',
      })
      .option('outcomes', {
        ...someOf('--outcomes', OUTCOMES),
        describe: 'Of an evaluation: samples that count [default: correct; for verl all that were scored]',
      })
      .option('system-prompt', {
        type: 'string',
        describe: 'For verl: text file of a system prompt to put before each question [default: none]',
      })
      .option('split', {
        type: 'string',
        describe: 'For verl: split of rows that do not say theirs [default: train]',
      })
      .example('$0 data export runs/sft --format llamafactory --out sft', 'A set for LLaMA-Factory')
      .example('$0 data export rows.parquet --format verl --out rl', 'Questions for verl, one file')
      .example('$0 data export sft/codevision_sft.json --format jsonl --out lines', 'Take over a foreign set')
      .check(({ format, images, 'system-prompt': systemPrompt, split }) => {
        if (format === 'verl' && images !== undefined)
          throw new UsageError(
            '--images: expected none with --format verl, whose images are always full resolution',
          )
        if (format !== 'verl' && (systemPrompt !== undefined || split !== undefined))
          throw new UsageError(
            `--system-prompt, --split: expected none with --format ${format}; they are for --format verl`,
          )
        return true
      }),
  handler: async ({ source, format, out, file, images, outcomes, 'system-prompt': systemPrompt, split }) => {
    const { exportTraining } = await import('../curation/export/export-training.js')
    const display = createCountDisplay((rows) => `${amount(rows, 'row')} written`)
    let problems = 0
    const {
      path,
      rows,
      images: beside,
      leftOut,
      dataset,
    } = await exportTraining({
      ...{ source, format, out, file, outcomes, systemPrompt },
      ...(images && { images }),
      ...(split !== undefined && { split }),
      onProblem: ({ message }) => {
        problems++
        display.print(message)
      },
      onRow: display.update,
    }).finally(display.stop)
    if (leftOut.size > 0)
      console.log(`Left out: ${[...leftOut].map(([reason, count]) => `${reason} ${count}`).join(', ')}`)
    if (problems > 0) console.log(`Not exported: ${amount(problems, 'row')}, each named above`)
    console.log(
      `Written: ${path} (${amount(rows, 'row')}${beside === null ? '' : `, ${amount(beside, 'image')} beside ${rows === 1 ? 'it' : 'them'}`})`,
    )
    if (dataset !== null) console.log(`For LLaMA-Factory: dataset_dir: ${dirname(path)}, dataset: ${dataset}`)
    process.exitCode = problems > 0 ? EXIT.failed : EXIT.complete
  },
}

function amount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
