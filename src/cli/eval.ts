import { basename, extname, join } from 'node:path'
import type { CommandModule } from 'yargs'
import type { EvaluationConfig, EvaluationOverrides } from '../config/evaluation-config.js'
import { UsageError } from '../core/errors.js'
import { SCORING_PROFILES, type ScoringProfile } from '../core/scoring-profile.js'
import { TRANSFORMS, type Transform } from '../core/transform.js'
import { commandLineWithServers } from './command-line.js'
import type { GivenBaseline } from './given-baseline.js'
import { judgeOverrides, withJudgeOptions, type JudgeArguments } from './judge-options.js'
import { oneOf } from './one-of.js'
import { policyOverrides, present, withPolicyOptions, type PolicyArguments } from './policy-options.js'
import { EXIT } from './report-failure.js'
import { runName } from './run-name.js'
import { someOf } from './some-of.js'

interface EvalArguments extends PolicyArguments, JudgeArguments {
  what: string
  suite: string | undefined
  data: string | undefined
  transforms: Transform[] | undefined
  profile: ScoringProfile | undefined
  limit: string | undefined
  'sample-id': string[] | undefined
  epochs: number | undefined
  shard: string | undefined
  concurrency: number | undefined
  'stop-after-failures': number | undefined
  seed: number | undefined
  prices: string | undefined
  name: string | undefined
  output: string | undefined
  resume: boolean
  baseline: string | undefined
  tolerance: number | undefined
}

export const evalCommand: CommandModule<object, EvalArguments> = {
  command: 'eval <what>',
  describe: 'Evaluate a policy on a suite',
  builder: (command) =>
    withJudgeOptions(
      withPolicyOptions(
        command.positional('what', {
          type: 'string',
          demandOption: true,
          describe:
            "A configuration (.yaml), a data file (.parquet, .jsonl, .tsv), a suite's name, or its own definition (.yaml)",
        }),
      ),
    )
      .option('suite', { type: 'string', describe: "A suite's name, for a configuration that names none" })
      .option('data', {
        type: 'string',
        describe: "Local file or folder to take instead of the suite's own source",
      })
      .option('transforms', {
        ...someOf('--transforms', TRANSFORMS),
        describe: 'Orientations to ask each row in [default: those of the suite; else as the rows are]',
      })
      .option('profile', {
        ...oneOf('--profile', SCORING_PROFILES),
        describe: 'How answers are scored [default: as the suite says; else codevision]',
      })
      .option('limit', { type: 'string', describe: 'Only the first n rows, or rows a-b' })
      .option('sample-id', {
        type: 'string',
        array: true,
        describe: "Only these rows, by the data set's own names",
      })
      .option('epochs', { type: 'number', describe: 'Samples of each row' })
      .option('shard', { type: 'string', describe: 'i/n: this part of n' })
      .option('concurrency', { type: 'number', describe: 'Samples at the same time' })
      .option('stop-after-failures', {
        type: 'number',
        describe:
          "Stop when the model's server failed so many samples in a row [default: 20 × --concurrency]",
      })
      .option('seed', { type: 'number', describe: 'Seed of whatever is drawn' })
      .option('prices', { type: 'string', describe: 'YAML file: prices of a million tokens, by model' })
      .option('name', { type: 'string', describe: 'Name of the run' })
      .option('output', { type: 'string', describe: 'Folder that holds the runs [default: runs]' })
      .option('resume', { type: 'boolean', default: false, describe: 'Go on with the run of this --name' })
      .option('baseline', {
        type: 'string',
        describe: 'summary.json of an earlier run, or thresholds (.yaml); exit code 100 when one is missed',
      })
      .option('tolerance', {
        type: 'number',
        describe: 'Percentage points that a figure may stay below the baseline (docs/statistics.md)',
      })
      .implies('tolerance', 'baseline')
      .example('$0 eval rows.parquet --judge none', 'The classical agent on your own rows')
      .example(
        '$0 eval mvtoolbench --data mvtoolbench.parquet --model Qwen/Qwen2.5-VL-7B-Instruct --judge Qwen/Qwen2.5-72B-Instruct',
        'A served model and a judge',
      )
      .example('$0 eval configs/eval/qwen2.5-vl-7b-base.yaml --suite ocrbench', "A row of the paper's tables")
      .example(
        '$0 eval rows.parquet --judge none --baseline runs/last/summary.json',
        'Exit code 100 when it got worse by more than chance explains',
      )
      .example(
        '$0 eval configs/eval/tesseract-file.yaml --data rows.parquet --name mine --resume',
        'Go on with a run that was stopped',
      ),
  handler: async (given) => {
    const { loadEvaluationConfig } = await import('../config/evaluation-config.js')
    const { evaluateConfig } = await import('./evaluate-config.js')
    const baseline = await loadBaseline(given)
    const kind = await kindOf(given.what)
    const config = await loadEvaluationConfig({
      path: kind === 'configuration' ? given.what : null,
      overrides: overridesOf({ given, kind }),
    })
    const name = nameOf({ given, config })
    const result = await evaluateConfig({
      config,
      run: { path: join(config.output, name), mode: given.resume ? 'resume' : 'create' },
      resumeCommand: resumeCommand(name),
      ...(baseline && { baseline: baseline.required }),
    })
    const isMet = baseline?.isMetBy(result.summary) ?? true
    const complete = isMet ? EXIT.complete : EXIT.thresholdMissed
    process.exitCode = { complete, incomplete: EXIT.failed, interrupted: EXIT.interrupted }[result.status]
  },
}

async function loadBaseline({ baseline, tolerance }: EvalArguments): Promise<GivenBaseline | null> {
  if (baseline === undefined) return null
  const { givenBaseline } = await import('./given-baseline.js')
  return givenBaseline({ path: baseline, tolerance })
}

type Kind = 'configuration' | 'data' | 'suite'

/** A YAML file may be either: a configuration, or the definition of a suite of one's own. */
async function kindOf(what: string): Promise<Kind> {
  if (['.parquet', '.jsonl', '.tsv'].includes(extname(what))) return 'data'
  if (!['.yaml', '.yml'].includes(extname(what))) return 'suite'
  const { readYaml } = await import('../config/read-yaml.js')
  const { isSuiteDefinition } = await import('../data/suite-definition.js')
  return isSuiteDefinition((await readYaml(what)).value) ? 'suite' : 'configuration'
}

function overridesOf({ given, kind }: { given: EvalArguments; kind: Kind }): EvaluationOverrides {
  return {
    ...policyOverrides(given),
    ...judgeOverrides(given),
    ...present({
      suite: given.suite ?? (kind === 'suite' ? given.what : undefined),
      data: given.data ?? (kind === 'data' ? given.what : undefined),
      transforms: given.transforms,
      scoring: given.profile,
      limit: given.limit,
      sampleIds: given['sample-id'],
      epochs: given.epochs,
      shard: given.shard,
      concurrency: given.concurrency,
      stopAfterFailures: given['stop-after-failures'],
      seed: given.seed,
      prices: given.prices,
      name: given.name,
      output: given.output,
    }),
  }
}

function nameOf({ given, config }: { given: EvalArguments; config: EvaluationConfig }): string {
  if (config.name !== undefined) return config.name
  if (given.resume)
    throw new UsageError(
      '--resume: which run? Name it with --name NAME, as the run that was stopped has printed it.',
    )
  const source = config.suite ?? config.data ?? 'run'
  return runName({ suite: basename(source, extname(source)), policy: config.policy.kind })
}

/** The same command line, with the run's name and --resume. */
function resumeCommand(name: string): string {
  const words = process.argv.slice(2).filter((word) => word !== '--resume')
  const named = words.some((word) => word === '--name' || word.startsWith('--name='))
    ? words
    : [...words, '--name', name]
  return commandLineWithServers([...named, '--resume'])
}
