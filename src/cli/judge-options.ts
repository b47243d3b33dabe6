import type { Argv } from 'yargs'
import type { EvaluationOverrides } from '../config/evaluation-config.js'
import { UsageError } from '../core/errors.js'
import { oneOf } from './one-of.js'
import { parsePrice } from './parse-price.js'
import { present } from './policy-options.js'

/** Options of every command that lets a judge decide. */
export interface JudgeArguments {
  judge: string | undefined
  'judge-reading': 'exact' | 'codevision' | undefined
  'judge-price': string | undefined
  'judge-max-calls': number | undefined
  'judge-max-tokens': number | undefined
  'judge-max-cost': number | undefined
  cache: boolean | undefined
}

/** Their names, for commands that refuse them beside other options. */
export const JUDGE_OPTIONS = [
  'judge',
  'judge-reading',
  'judge-price',
  'judge-max-calls',
  'judge-max-tokens',
  'judge-max-cost',
  'cache',
] as const satisfies readonly (keyof JudgeArguments)[]

export function withJudgeOptions<T>(command: Argv<T>): Argv<T & JudgeArguments> {
  return command
    .option('judge', {
      type: 'string',
      describe: 'none, or the model that judges what rules cannot decide (JUDGE_BASE_URL)',
    })
    .option('judge-reading', {
      ...oneOf('--judge-reading', ['exact', 'codevision']),
      describe: 'A 0 or 1 alone, or as the released recipe reads a reply',
    })
    .option('judge-price', {
      type: 'string',
      describe: 'Per million tokens, in,out and maybe the currency: 0.15,0.6,USD',
    })
    .option('judge-max-calls', { type: 'number', describe: 'Stop when the judge was asked that often' })
    .option('judge-max-tokens', { type: 'number', describe: 'Stop when the judge has used that many' })
    .option('judge-max-cost', { type: 'number', describe: 'Stop when the judge has cost that much' })
    .option('cache', {
      type: 'boolean',
      describe: '--no-cache: neither keep replies of models nor take kept ones',
    })
}

/** What these options say, as the configuration names it; what was not given is absent. */
export function judgeOverrides(given: JudgeArguments): Pick<EvaluationOverrides, 'judge' | 'cache'> {
  const price = given['judge-price']
  const terms = present({
    reading: given['judge-reading'],
    price: price === undefined ? undefined : parsePrice({ option: '--judge-price', text: price }),
    maxCalls: given['judge-max-calls'],
    maxTokens: given['judge-max-tokens'],
    maxCost: given['judge-max-cost'],
  })
  const cache = present({ cache: given.cache })
  if (given.judge === 'none') {
    if (terms === undefined) return { judge: 'none', ...cache }
    throw new UsageError(
      '--judge none: there is no judge to read, to pay or to cap; leave the other --judge-… options out.',
    )
  }
  const judge = present({ model: given.judge, ...terms })
  return { ...(judge && { judge: judge as EvaluationOverrides['judge'] }), ...cache }
}
