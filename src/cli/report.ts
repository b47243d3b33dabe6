import type { CommandModule } from 'yargs'
import { UsageError } from '../core/errors.js'
import type { WrittenReport } from '../report/write-report.js'
import { EXIT } from './report-failure.js'

interface ReportArguments {
  run: string[]
  paper: boolean
  inline: boolean
  out: string | undefined
  markdown: boolean
  json: string | undefined
  profile: string | undefined
}

export const reportCommand: CommandModule<object, ReportArguments> = {
  command: 'report <run..>',
  describe: "Write the reports of runs, pages for a browser, or set runs beside the paper's figures",
  builder: (command) =>
    command
      .positional('run', { type: 'string', array: true, demandOption: true, describe: 'Run folders' })
      .option('paper', {
        type: 'boolean',
        default: false,
        describe: "The paper's figures, ours with intervals, and what of the setup is the same",
      })
      .option('inline', {
        type: 'boolean',
        default: false,
        describe: 'One file that holds everything, images included; at most 200 MB',
      })
      .option('out', {
        type: 'string',
        describe:
          'One page for all the runs, to compare them in, written to this file [default: a page in each run]',
      })
      .option('markdown', { type: 'boolean', default: false, describe: 'As Markdown (with --paper)' })
      .option('json', { type: 'string', describe: 'Write the figures to this file too (with --paper)' })
      .option('profile', {
        type: 'string',
        describe: "Scoring that `score` gave the runs [default: the runs' own] (with --paper)",
      })
      .example('$0 report runs/mine', 'runs/mine/report.html, with chunks beside it')
      .example('$0 report runs/mine --inline', 'runs/mine/report-inline.html, to be sent to someone')
      .example('$0 report runs/base runs/trained --out runs/both.html', 'Two runs, and which answers changed')
      .example('$0 report --paper runs/ocr-base runs/ocr-tools', "Beside the paper's tables")
      .example('$0 report --paper runs/ocr-tools --markdown', 'The same, to be pasted'),
  handler: async ({ run: paths, paper, inline, out, markdown, json, profile = null }) => {
    if (paper && (inline || out !== undefined))
      throw new UsageError('report: --inline and --out are for pages, and --paper prints a table.')
    if (out !== undefined && !/\.html?$/i.test(out))
      throw new UsageError(`--out: expected the file of a page, such as runs/both.html, got ${out}`)
    if (!paper) {
      if (markdown || json !== undefined || profile !== null)
        throw new UsageError('report: --markdown, --json and --profile go with --paper only.')
      await writePages({ paths, inline, out })
      return
    }
    const { printPaperTable } = await import('./print-paper-table.js')
    await printPaperTable({ paths, format: markdown ? 'markdown' : 'text', json, profile })
    process.exitCode = EXIT.complete
  },
}

async function writePages({
  paths,
  inline,
  out,
}: {
  paths: readonly string[]
  inline: boolean
  out: string | undefined
}): Promise<void> {
  const tell = ({ file, samples, bytes }: WrittenReport): void =>
    console.log(
      `Written: ${file} (${samples} ${samples === 1 ? 'sample' : 'samples'}, ${(bytes / 1e6).toFixed(1)} MB)`,
    )
  if (out !== undefined) {
    const { writeJointReport } = await import('../report/write-joint-report.js')
    tell(await writeJointReport({ paths, file: out, inline }))
    return
  }
  const { writeReport } = await import('../report/write-report.js')
  const { isCurated, writeCurationPage } = await import('../report/curation/write-curation-page.js')
  for (const path of paths) {
    tell(await writeReport({ path, inline }))
    // A curated set has a page of its own, which leads to this one.
    if (await isCurated(path)) console.log(`Written: ${(await writeCurationPage({ path })).file}`)
  }
}
