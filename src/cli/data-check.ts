import type { CommandModule } from 'yargs'
import { CHECKS, type CheckName } from '../data/check/finding.js'
import type { ConversationFile } from '../data/conversations/open-conversations.js'
import { checkAndPrintConversations } from './check-conversations.js'
import { createCheckDisplay } from './check-display.js'
import { createDownloadDisplay } from './download-display.js'
import { listenForInterrupts } from './interrupts.js'
import { EXIT } from './report-failure.js'
import { someOf } from './some-of.js'

interface CheckArguments {
  path: string[]
  data: string | undefined
  without: CheckName[] | undefined
  seed: number
  json: string | undefined
  replay: boolean
}

export const dataCheckCommand: CommandModule<object, CheckArguments> = {
  command: 'check <path..>',
  describe: 'Look for what is wrong with data sets: rows, images, boxes, answers, tools, leaks, repetitions',
  builder: (command) =>
    command
      .positional('path', {
        type: 'string',
        array: true,
        demandOption: true,
        describe:
          "Data files (.parquet, .jsonl, .tsv), suites' names or YAML files; conversations (sharegpt .json or .jsonl, a folder with dataset_info.json): what LLaMA-Factory would refuse",
      })
      .option('data', {
        type: 'string',
        describe: "Local file or folder to take instead of the suite's own source; of a single suite",
      })
      .option('without', { ...someOf('--without', CHECKS), describe: 'Checks to leave out' })
      .option('seed', { type: 'number', default: 0, describe: 'Seed of whatever the suite draws' })
      .option('json', { type: 'string', describe: 'File to write findings and counts to' })
      .option('replay', {
        type: 'boolean',
        default: false,
        describe: 'Of runs of `data curate`: run every kept call once more and compare what comes of it',
      })
      .example('$0 data check rows.jsonl', 'A line for each finding; exit code 1 where there is one')
      .example('$0 data check train.parquet test.parquet --json findings.json', 'Pictures of both, too')
      .example('$0 data check vstar --without duplicate', 'A suite by its name')
      .example('$0 data check sft/codevision_sft.json', 'Conversations, as LLaMA-Factory reads them')
      .example('$0 data check runs/sft --replay', 'Exit code 1 where a call shows something else today'),
  handler: async ({ path: paths, data, without, seed, json, replay }) => {
    if (replay) {
      const { replayRuns } = await import('./replay-runs.js')
      process.exitCode = (await replayRuns({ paths, json })) ? EXIT.complete : EXIT.failed
      return
    }
    const { UsageError } = await import('../core/errors.js')
    const { checkData } = await import('../data/check/check-data.js')
    const { describeFinding } = await import('../data/check/describe-finding.js')
    const { describeReport } = await import('../data/check/describe-report.js')
    if (data !== undefined && paths.length > 1)
      throw new UsageError(`--data: expected a single suite to take it for, got ${paths.join(', ')}`)
    const downloads = createDownloadDisplay()
    const display = createCheckDisplay()
    const interrupts = listenForInterrupts({ onDrain: () => undefined, onCancel: () => undefined })
    const findings: unknown[] = []
    const { conversations, others } = await sortPaths({ paths, data })
    try {
      const spoken =
        conversations.length === 0
          ? null
          : await checkAndPrintConversations({ files: conversations, signal: interrupts.drain })
      findings.push(...(spoken?.list ?? []))
      if (others.length === 0 && spoken !== null) {
        if (json !== undefined) await write({ file: json, paths, report: spoken.report, list: findings })
        process.exitCode = findings.length > 0 ? EXIT.failed : EXIT.complete
        return
      }
      const report = await checkData({
        paths: others,
        data,
        seed,
        ...(without && { without }),
        signal: interrupts.drain,
        onDownload: downloads.update,
        onFinding: (finding) => {
          display.print(describeFinding(finding))
          if (json !== undefined) findings.push(finding)
        },
        onProgress: (progress) => {
          downloads.stop()
          display.update(progress)
        },
      })
      display.stop()
      for (const line of describeReport(report)) console.log(line)
      if (json !== undefined) {
        const all = { ...report, ...(spoken && { conversations: spoken.report }) }
        await write({ file: json, paths, report: all, list: findings })
      }
      const found =
        Object.values(report.findings).some((count) => count > 0) || (spoken?.report.findings ?? 0) > 0
      process.exitCode = found ? EXIT.failed : EXIT.complete
    } finally {
      downloads.stop()
      display.stop()
      interrupts.stop()
    }
  },
}

/** Conversations are looked at as what a trainer reads, all else as questions. */
async function sortPaths({
  paths,
  data,
}: {
  paths: readonly string[]
  data: string | undefined
}): Promise<{ conversations: ConversationFile[]; others: string[] }> {
  const { openConversations } = await import('../data/conversations/open-conversations.js')
  const conversations: ConversationFile[] = []
  const others: string[] = []
  for (const path of paths) {
    const files = data === undefined ? await openConversations(path) : null
    if (files === null) others.push(path)
    else conversations.push(...files)
  }
  return { conversations, others }
}

async function write({
  file,
  paths,
  report,
  list,
}: {
  file: string
  paths: readonly string[]
  report: object
  list: readonly unknown[]
}): Promise<void> {
  const { writeAtomic } = await import('../store/write-atomic.js')
  const text = JSON.stringify({ schemaVersion: 1, paths, ...report, list }, null, 1)
  await writeAtomic({ path: file, data: `${text}\n`, advice: 'name another file with --json' })
}
