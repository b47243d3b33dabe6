import type { CommandModule } from 'yargs'
import { UsageError } from '../core/errors.js'
import { EXIT } from './report-failure.js'

interface CompareArguments {
  run: string[]
  profile: string | undefined
  force: boolean
  flips: number
  json: string | undefined
}

export const compareCommand: CommandModule<object, CompareArguments> = {
  command: 'compare <run..>',
  describe: 'Hold runs against the first one, sample by sample',
  builder: (command) =>
    command
      .positional('run', { type: 'string', array: true, demandOption: true, describe: 'Run folders' })
      .option('profile', {
        type: 'string',
        describe: "Scoring that `score` gave them [default: the runs' own]",
      })
      .option('force', {
        type: 'boolean',
        default: false,
        describe: 'Also runs of different suites, data, scoring or judges',
      })
      .option('flips', {
        type: 'number',
        default: 10,
        describe: 'Answers that changed to show, of each kind',
      })
      .option('json', { type: 'string', describe: 'Write everything to this file too' })
      .example(
        '$0 compare runs/base runs/tools',
        'What tools change, with intervals and the answers that flipped',
      )
      .example('$0 compare runs/base runs/a runs/b --json compared.json', 'Several runs against one')
      .check(({ flips }) => {
        if (!Number.isInteger(flips) || flips < 0)
          throw new UsageError(`--flips: expected a whole number from 0, got ${flips}`)
        return true
      }),
  handler: async ({ run: paths, profile, force, flips, json }) => {
    const [first, ...others] = paths
    if (first === undefined || others.length === 0)
      throw new UsageError('compare: expected at least two run folders, such as runs/base runs/tools.')
    const { openScoredRun } = await import('../evaluation/scored-run.js')
    const { compareRuns } = await import('../evaluation/compare/compare-runs.js')
    const { renderComparison, renderComparisonMatrix } =
      await import('../evaluation/compare/comparison-table.js')
    const open = (path: string) => openScoredRun({ path, profile: profile ?? null })
    const a = await open(first)
    const comparisons = []
    for (const path of others) comparisons.push(await compareRuns({ a, b: await open(path), force }))
    for (const comparison of comparisons)
      console.log(`${renderComparison({ comparison, shownFlips: flips })}\n`)
    if (comparisons.length > 1) console.log(`${renderComparisonMatrix(comparisons)}\n`)
    if (json !== undefined) {
      const { writeAtomic } = await import('../store/write-atomic.js')
      const data = `${JSON.stringify({ schemaVersion: 1, comparisons }, null, 2)}\n`
      await writeAtomic({ path: json, data, advice: 'choose another file (--json)' })
      console.log(`Written: ${json}`)
    }
    process.exitCode = EXIT.complete
  },
}
