import type { CommandModule } from 'yargs'
import { UsageError } from '../core/errors.js'
import { EXIT } from './report-failure.js'

interface ReportArguments {
  run: string[]
  paper: boolean
  markdown: boolean
  json: string | undefined
  profile: string | undefined
}

export const reportCommand: CommandModule<object, ReportArguments> = {
  command: 'report <run..>',
  describe: "Set runs beside the paper's figures",
  builder: (command) =>
    command
      .positional('run', { type: 'string', array: true, demandOption: true, describe: 'Run folders' })
      .option('paper', {
        type: 'boolean',
        default: false,
        describe: "The paper's figures, ours with intervals, and what of the setup is the same",
      })
      .option('markdown', { type: 'boolean', default: false, describe: 'As Markdown (with --paper)' })
      .option('json', { type: 'string', describe: 'Write the figures to this file too (with --paper)' })
      .option('profile', {
        type: 'string',
        describe: "Scoring that `score` gave the runs [default: the runs' own] (with --paper)",
      })
      .example('$0 report --paper runs/ocr-base runs/ocr-tools', "Beside the paper's tables")
      .example('$0 report --paper runs/ocr-tools --markdown', 'The same, to be pasted'),
  handler: async ({ run: paths, paper, markdown, json, profile = null }) => {
    if (!paper) throw new UsageError("report: say what to print: --paper (the paper's figures beside ours).")
    const { printPaperTable } = await import('./print-paper-table.js')
    await printPaperTable({ paths, format: markdown ? 'markdown' : 'text', json, profile })
    process.exitCode = EXIT.complete
  },
}
