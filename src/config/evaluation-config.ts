import { dirname, resolve } from 'node:path'
import { z } from 'zod'
import { UsageError } from '../core/errors.js'
import { judgeServer, type Environment } from './environment.js'
import { evaluationSchema, judgeSetting, type EvaluationInput } from './evaluation-schema.js'
import { explainIssues } from './explain-issues.js'
import { issueOrigin } from './issue-origin.js'
import { parseLimit, type RowRange } from './parse-limit.js'
import { parseShard, type Shard } from './parse-shard.js'
import { readPrices } from './read-prices.js'
import { readExtendedYaml } from './read-extended-yaml.js'
import type { YamlFile } from './read-yaml.js'
import { sandboxBeside } from './sandbox-beside.js'

type Checked = z.output<typeof evaluationSchema>

/** An evaluation with every default filled in and every path absolute or relative to the working directory. */
export type EvaluationConfig = Omit<Checked, 'agent' | 'judge' | 'limit' | 'shard' | 'sampleIds'> & {
  agent: Omit<Checked['agent'], 'feedback'> & { feedback: NonNullable<Checked['agent']['feedback']> }
  judge: NonNullable<Checked['judge']>
  /** Null: all rows. */
  limit: RowRange | null
  sampleIds: readonly string[] | null
  shard: Shard | null
}

export type EvaluationPolicy = Checked['policy']
export type EvaluationJudge = Exclude<EvaluationConfig['judge'], 'none'>

/** What the command line says; it wins over the file, key by key. */
export type EvaluationOverrides = {
  [Key in keyof EvaluationInput]?: Partial<EvaluationInput[Key]> | undefined
}

/**
 * Configuration of an evaluation: defaults < what the YAML file extends < the file < command line. Paths in a file are relative to it.
 * @throws UsageError naming file, line and key (or the option), what was expected and what came.
 */
export async function loadEvaluationConfig({
  path,
  overrides = {},
  environment,
}: {
  /** The YAML file, or null: options only. */
  path: string | null
  overrides?: EvaluationOverrides
  environment?: Environment
}): Promise<EvaluationConfig> {
  const file = path === null ? null : await readExtendedYaml(path)
  const merged = isObject(file?.value ?? {})
    ? mergeSettings({ below: file?.value ?? {}, above: overrides, environment })
    : file?.value
  const result = evaluationSchema.safeParse(
    await withPrices({ settings: merged, overrides, file, environment }),
    {
      reportInput: true,
    },
  )
  if (!result.success) {
    const where = ({ path: at }: { path: readonly PropertyKey[] }): string =>
      issueOrigin({ path: at, overrides, file })
    throw new UsageError(explainIssues({ error: result.error, schema: evaluationSchema, where }).join('\n'))
  }
  const checked = file === null ? result.data : withPathsOf({ checked: result.data, file, overrides })
  if (checked.suite === undefined && checked.data === undefined) {
    throw new UsageError('Name what to evaluate on: a parquet or JSONL file (`data`), or a suite (`suite`).')
  }
  return {
    ...checked,
    agent: { ...checked.agent, feedback: checked.agent.feedback ?? checked.sandbox.profile },
    judge: checked.judge ?? judgeOf(environment),
    limit: checked.limit === undefined ? null : parseLimit(String(checked.limit)),
    sampleIds: checked.sampleIds ?? null,
    shard: checked.shard === undefined ? null : parseShard(checked.shard),
  }
}

/**
 * The judge that a command line names, where there is no configuration; undefined: JUDGE_MODEL.
 * @param parameters.prices a YAML file of prices, for a judge that is named without one.
 * @throws UsageError when neither says who judges, or for a wrong setting.
 */
export async function loadJudgeConfig({
  judge,
  prices,
  environment,
}: Pick<EvaluationOverrides, 'judge' | 'prices'> & { environment?: Environment }): Promise<
  EvaluationConfig['judge']
> {
  const overrides = { ...(judge !== undefined && { judge }), ...(prices !== undefined && { prices }) }
  const merged = mergeSettings({ below: {}, above: overrides, environment })
  const settings = await withPrices({ settings: merged, overrides, file: null, environment })
  const schema = z.object({ judge: judgeSetting.optional() })
  const result = schema.safeParse(settings, { reportInput: true })
  if (result.success) return result.data.judge ?? judgeOf(environment)
  throw new UsageError(explainIssues({ error: result.error, schema, where: () => 'command line' }).join('\n'))
}

function judgeOf(environment: Environment | undefined): EvaluationConfig['judge'] {
  const { model } = judgeServer(environment)
  if (model !== null) return judgeSetting.parse({ model })
  throw new UsageError(
    'Say who judges the answers that the rules cannot decide: `judge: none` (--judge none; they count as wrong), or a model (--judge MODEL, or JUDGE_MODEL, with JUDGE_BASE_URL).',
  )
}

/** A path as the file that says the key means it. */
type Beside = (path: string, ...key: string[]) => string

function withPathsOf({
  checked,
  file,
  overrides,
}: {
  checked: Checked
  file: YamlFile
  overrides: EvaluationOverrides
}): Checked {
  const beside: Beside = (path, ...key) => resolve(dirname(file.sourceOf(key)), path)
  const { agent, policy, sandbox } = checked
  return {
    ...checked,
    ...(checked.data !== undefined && overrides.data === undefined && { data: beside(checked.data, 'data') }),
    ...(checked.suite !== undefined &&
      overrides.suite === undefined &&
      /\.ya?ml$/.test(checked.suite) && { suite: beside(checked.suite, 'suite') }),
    policy: policyBeside({ policy, overrides, beside }),
    agent: {
      ...agent,
      ...(agent.systemPrompt !== undefined &&
        overrides.agent?.systemPrompt === undefined && {
          systemPrompt: beside(agent.systemPrompt, 'agent', 'systemPrompt'),
        }),
      ...(agent.toolDescription !== undefined &&
        overrides.agent?.toolDescription === undefined && {
          toolDescription: beside(agent.toolDescription, 'agent', 'toolDescription'),
        }),
    },
    ...(overrides.sandbox?.runtime === undefined && { sandbox: sandboxBeside({ sandbox, beside }) }),
  }
}

function policyBeside({
  policy,
  overrides,
  beside,
}: {
  policy: EvaluationPolicy
  overrides: EvaluationOverrides
  beside: Beside
}): EvaluationPolicy {
  const given: Record<string, unknown> = { ...overrides.policy }
  if (policy.kind === 'replay' && given.run === undefined)
    return { ...policy, run: beside(policy.run, 'policy', 'run') }
  const isFolder = policy.kind === 'tfjs' || policy.kind === 'torch'
  return isFolder && given.model === undefined
    ? { ...policy, model: beside(policy.model, 'policy', 'model') }
    : policy
}

/** The file's settings under those of the command line. */
function mergeSettings({
  below,
  above,
  environment,
}: {
  below: unknown
  above: EvaluationOverrides
  environment: Environment | undefined
}): Record<string, unknown> {
  const merged = withOwnPrice({
    merged: { ...(merge(below, above) as Record<string, unknown>) },
    below,
    above,
  })
  if (!isObject(merged.judge)) return merged
  const recorded = isObject(below) && isObject(below.judge) ? below.judge.model : undefined
  const model = merged.judge.model ?? judgeServer(environment).model ?? undefined
  const { price, ...judge } = merged.judge
  // A price is that of one model; another one that the command line names has its own.
  const isOtherModel = recorded !== undefined && recorded !== model
  const known = isOtherModel ? (isObject(above.judge) ? above.judge.price : undefined) : price
  return {
    ...merged,
    judge: { ...judge, ...(model && { model }), ...(known !== undefined && { price: known }) },
  }
}

/** The policy's price is that of its model: one that the command line names has its own, or none. */
function withOwnPrice({
  merged,
  below,
  above,
}: {
  merged: Record<string, unknown>
  below: unknown
  above: EvaluationOverrides
}): Record<string, unknown> {
  const { policy } = merged
  const recorded = isObject(below) && isObject(below.policy) ? below.policy : {}
  if (!isObject(policy) || recorded.model === undefined || recorded.model === policy.model) return merged
  const own: Record<string, unknown> = { ...above.policy }
  const unpriced = Object.fromEntries(Object.entries(policy).filter(([name]) => name !== 'price'))
  return { ...merged, policy: { ...unpriced, ...(own.price !== undefined && { price: own.price }) } }
}

/** Prices of the file that `prices` names, for the models that have none of their own. */
async function withPrices({
  settings,
  overrides,
  file,
  environment,
}: {
  settings: unknown
  overrides: EvaluationOverrides
  file: YamlFile | null
  environment: Environment | undefined
}): Promise<unknown> {
  if (!isObject(settings) || typeof settings.prices !== 'string') return settings
  const path =
    overrides.prices === undefined && file !== null
      ? resolve(dirname(file.sourceOf(['prices'])), settings.prices)
      : settings.prices
  const prices = await readPrices(path)
  const priced = (section: unknown): unknown => {
    if (!isObject(section) || section.price !== undefined) return section
    const price = typeof section.model === 'string' ? prices.get(section.model) : undefined
    return price === undefined ? section : { ...section, price }
  }
  const { model } = judgeServer(environment)
  const { policy, judge = model === null ? undefined : { model } } = settings
  return { ...settings, policy: priced(policy), judge: priced(judge) }
}

/** Objects are merged key by key; settings of one kind of policy do not leak into another kind. */
function merge(below: unknown, above: unknown): unknown {
  if (above === undefined) return below
  if (!isObject(below) || !isObject(above)) return above
  if (above.kind !== undefined && above.kind !== below.kind) return above
  const keys = new Set([...Object.keys(below), ...Object.keys(above)])
  return Object.fromEntries([...keys].map((key) => [key, merge(below[key], above[key])]))
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
