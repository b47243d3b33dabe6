import { join } from 'node:path'
import type { CommandModule } from 'yargs'
import type { EvaluationOverrides } from '../config/evaluation-config.js'
import { SCORING_PROFILES, type ScoringProfile } from '../core/scoring-profile.js'
import { BALANCE_BY, CROP_RULES, TRANSFORM_MODES, type BalanceBy } from '../curation/filter/filter-options.js'
import { resumeCommand } from './resume-command.js'
import { listenForInterrupts } from './interrupts.js'
import { judgeOverrides, withJudgeOptions, type JudgeArguments } from './judge-options.js'
import { oneOf } from './one-of.js'
import { policyOverrides, present, withPolicyOptions, type PolicyArguments } from './policy-options.js'
import { EXIT } from './report-failure.js'
import { someOf } from './some-of.js'

interface FilterArguments extends PolicyArguments, JudgeArguments {
  source: string[]
  out: string
  run: string[] | undefined
  config: string | undefined
  rollouts: number
  'min-rollouts': number | undefined
  keep: string
  profile: ScoringProfile | undefined
  transform: (typeof TRANSFORM_MODES)[number]
  none: number | undefined
  'crop-rule': (typeof CROP_RULES)[number]
  'crop-below': number
  balance: BalanceBy[] | undefined
  count: number | undefined
  limit: string | undefined
  concurrency: number | undefined
  seed: number
  prices: string | undefined
  resume: boolean
}

export const dataFilterCommand: CommandModule<object, FilterArguments> = {
  command: 'filter <source..>',
  describe: 'Keep the rows that a policy solves sometimes, with how often and with their must-use tools',
  builder: (command) =>
    withJudgeOptions(
      withPolicyOptions(
        command.positional('source', {
          type: 'string',
          array: true,
          demandOption: true,
          describe: "Data files (.parquet, .jsonl, .tsv), or suites' names",
        }),
      ),
    )
      .option('out', {
        type: 'string',
        demandOption: true,
        describe: 'Folder for rows.parquet, report.json, pass-rates.svg and the run rollouts/',
      })
      .option('rollouts', { type: 'number', default: 8, describe: 'Rollouts of each row' })
      .option('run', {
        type: 'string',
        array: true,
        describe: 'Runs over these rows whose rollouts are taken; nothing is generated',
      })
      .option('resume', {
        type: 'boolean',
        default: false,
        describe: 'Go on with the rollouts in --out; rows are chosen anew',
      })
      .option('keep', {
        type: 'string',
        default: 'mixed',
        describe: 'mixed (neither all right nor all wrong), or pass rates, both ends included: 0.1-0.9',
      })
      .option('min-rollouts', {
        type: 'number',
        describe: 'Scored rollouts that are enough for a row [default: all that were asked for]',
      })
      .option('transform', {
        ...oneOf('--transform', TRANSFORM_MODES),
        default: 'keep' as const,
        describe: 'balanced: rows without a transformation are given one, each equally often',
      })
      .option('none', {
        type: 'number',
        describe: 'Share of rows without a transformation, where they are shared out [default: 1/6]',
      })
      .option('crop-rule', {
        ...oneOf('--crop-rule', CROP_RULES),
        default: 'declared' as const,
        describe: 'When crop is a must-use tool: as the row says, else by size; or by size',
      })
      .option('crop-below', {
        type: 'number',
        default: 1e-4,
        describe: "By size: the box covers at most this share of the image's area",
      })
      .option('balance', {
        ...listOf('--balance', BALANCE_BY),
        describe: 'Equal shares by these, the first before the next: transform,category',
      })
      .option('count', { type: 'number', describe: 'Rows to keep at the most' })
      .option('limit', { type: 'string', describe: 'Only the first n rows of all sources, or a-b' })
      .option('config', {
        type: 'string',
        describe: 'YAML file of an evaluation: policy, judge, agent, sandbox',
      })
      .option('profile', {
        ...oneOf('--profile', SCORING_PROFILES),
        describe: 'How answers are scored [default: as the suite says; else codevision]',
      })
      .option('concurrency', { type: 'number', describe: 'Rollouts at the same time' })
      .option('seed', { type: 'number', default: 0, describe: 'Seed of whatever is drawn' })
      .option('prices', { type: 'string', describe: 'YAML file: prices of a million tokens, by model' })
      .conflicts('run', ['model', 'policy', 'replay', 'config', 'judge'])
      .example(
        '$0 data filter rows.parquet --model Qwen/Qwen2.5-VL-7B-Instruct --judge none --out rl',
        'Eight rollouts a row; those solved sometimes',
      )
      .example(
        '$0 data filter docvqa.jsonl textvqa.jsonl --transform balanced --model M --judge J --balance transform,category --count 40000 --out rl',
        'Upright rows, each turned once; equal shares',
      )
      .example(
        '$0 data filter rows.parquet --run runs/mine --keep 0.1-0.9 --out rl',
        'From a run of codevision eval --epochs 8',
      ),
  handler: async (given) => {
    const { UsageError } = await import('../core/errors.js')
    const { parseFilterOptions } = await import('../curation/filter/filter-options.js')
    const { earlierWork, readMaterial, ROLLOUTS, writeFilter } = await import('./filter-rows.js')
    const { rolloutConfig, rollOutItems, checkDraws } = await import('./roll-out-items.js')
    const { filterTable } = await import('../curation/filter/filter-table.js')
    const { source: sources, out, run: runs } = given
    const options = parseFilterOptions(filterOptionsOf(given))
    const least = given['min-rollouts']
    if (runs === undefined && least !== undefined && least > given.rollouts)
      throw new UsageError(`--min-rollouts: expected at most --rollouts (${given.rollouts}), got ${least}`)
    const config =
      runs === undefined
        ? await rolloutConfig({
            path: given.config ?? null,
            overrides: overridesOf(given),
            sources,
            rollouts: given.rollouts,
          })
        : null
    const earlier = await earlierWork(out)
    if (!given.resume && (earlier.hasRows || (config !== null && earlier.hasRun)))
      throw new UsageError(
        `${out} holds rollouts or filtered rows already; go on with them (--resume), or choose another --out`,
      )
    const warning = config && checkDraws({ config, keep: options.keep })
    if (warning !== null) console.error(warning)
    const again = resumeCommand()

    const material = await untilInterrupted((signal) => readMaterial({ sources, out, options, signal }))
    if (config !== null) {
      const { status } = await rollOutItems({
        config,
        suite: material.suite,
        path: join(out, ROLLOUTS),
        isResumed: earlier.hasRun,
        resumeCommand: again,
      })
      if (status === 'interrupted') {
        process.exitCode = EXIT.interrupted
        return
      }
    }
    const report = await untilInterrupted((signal) =>
      writeFilter({
        material,
        out,
        runs: runs ?? [join(out, ROLLOUTS)],
        profile: runs === undefined ? null : (given.profile ?? null),
        options,
        signal,
      }),
    )
    for (const line of filterTable(report)) console.log(line)
    const { incomplete, kept } = report.overall.fates
    if (incomplete > 0) {
      const lack = incomplete === 1 ? '1 row lacks' : `${incomplete} rows lack`
      const advice =
        runs === undefined
          ? `to go on: ${again}`
          : 'resume the runs; or, where they were made of other rows, name the same sources, --transform, --none, --limit and --seed'
      console.log(`\n${lack} rollouts that were scored, and wait for them outside: ${advice}`)
    }
    console.log(kept === 0 ? '\nNo row was kept.' : `\nRows: ${join(out, 'rows.parquet')}`)
    process.exitCode = incomplete > 0 || kept === 0 ? EXIT.failed : EXIT.complete
  },
}

async function untilInterrupted<Result>(
  work: (signal: AbortSignal | undefined) => Promise<Result>,
): Promise<Result> {
  const interrupts = listenForInterrupts({
    onDrain: () => console.error('\nStopping; what is finished is kept.'),
    onCancel: () => undefined,
  })
  try {
    return await work(interrupts.drain)
  } finally {
    interrupts.stop()
  }
}

/** Without what the parser adds. */
function filterOptionsOf(given: FilterArguments) {
  return {
    keep: given.keep,
    'min-rollouts': given['min-rollouts'],
    transform: given.transform,
    none: given.none,
    'crop-rule': given['crop-rule'],
    'crop-below': given['crop-below'],
    balance: given.balance,
    count: given.count,
    limit: given.limit,
    seed: given.seed,
  }
}

function overridesOf(given: FilterArguments): EvaluationOverrides {
  return {
    ...policyOverrides(given),
    ...judgeOverrides(given),
    ...present({
      scoring: given.profile,
      concurrency: given.concurrency,
      seed: given.seed,
      prices: given.prices,
    }),
  }
}

/** As {@link someOf}, where values may also stand in one word with commas between them. */
function listOf<const Choices extends readonly string[]>(name: string, choices: Choices) {
  const { coerce, array } = someOf(name, choices)
  return {
    array,
    coerce: (given: unknown) =>
      given === undefined
        ? undefined
        : coerce(
            [given].flat().flatMap((value: unknown) =>
              String(value)
                .split(',')
                .filter((part) => part !== ''),
            ),
          ),
  }
}
