import type { ReportData } from '../../report-data.js'
import { PlainText } from '../plain-text.js'
import { LongText } from '../sample/long-text.js'
import { duration, integer } from '../words.js'

/** What a run was made with, as far as its manifest says. */
export function RunFacts({ data }: { data: ReportData }) {
  const { manifest, summary, totals, usage } = data
  const { identity, environment } = manifest
  const read = (...path: string[]): string | null => textAt(identity, path)
  const facts: [name: string, value: string | null, title?: string][] = [
    ['Suite', summary.suite],
    ['Policy', summary.policy.name],
    ['Model', summary.policy.model],
    ['Tools', listAt(identity, ['agent', 'tools'])],
    ['Prompt', shortHash(read('agent', 'prompt')), read('agent', 'prompt') ?? ''],
    ['Views', viewsOf(read('agent', 'view', 'minPixels'), read('agent', 'view', 'maxPixels'))],
    ['Turns', withUnit(read('agent', 'limits', 'turns'), 'at most')],
    ['Parsing', read('agent', 'parsing')],
    ['Scoring', summary.scoring],
    ['Judge', judgeText(summary)],
    ['Epochs', String(summary.epochs)],
    ['Samples', `${integer(summary.overall.n)} scored of ${integer(summary.planned)}`],
    ['Data', shortHash(read('dataset', 'sha256')), read('dataset', 'sha256') ?? ''],
    ['Seed', read('settings', 'seed')],
    ['Sandbox', sandboxText(identity, environment)],
    ['Made with', textAt(environment, ['codevision'])],
    ['Revision', shortHash(textAt(environment, ['gitRevision'])), textAt(environment, ['gitRevision']) ?? ''],
    ['Begun', manifest.createdAt.replace('T', ' ').slice(0, 16)],
    ['Model time', duration(totals.modelMs)],
    ['Sandbox time', duration(totals.sandboxMs)],
    ['Repetitions', integer(totals.repetitions)],
    ['Policy’s calls', usageText(usage.policy)],
    ['Judge’s calls', usageText(usage.judge)],
  ]
  return (
    <section class="figure wide" aria-labelledby="facts-title">
      <h2 id="facts-title">What this run was</h2>
      <dl class="facts-list">
        {facts.map(([name, value, title]) =>
          value === null || value === '' ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd title={title}>
                <PlainText text={value} />
              </dd>
            </div>
          ),
        )}
      </dl>
      <details class="raw">
        <summary>The whole manifest</summary>
        <LongText text={JSON.stringify(manifest, null, 2)} class="text mono" />
      </details>
    </section>
  )
}

function at(value: unknown, path: readonly string[]): unknown {
  let inner = value
  for (const name of path) {
    if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, name)) return undefined
    inner = (inner as Record<string, unknown>)[name]
  }
  return inner
}

function textAt(value: unknown, path: readonly string[]): string | null {
  const found = at(value, path)
  return typeof found === 'string' || typeof found === 'number' ? String(found) : null
}

function listAt(value: unknown, path: readonly string[]): string | null {
  const found = at(value, path)
  if (!Array.isArray(found)) return null
  return found.length === 0 ? 'none: a direct answer' : found.join(', ')
}

function shortHash(hash: string | null): string | null {
  return hash !== null && hash.length > 16 ? `${hash.slice(0, 12)}…` : hash
}

function withUnit(value: string | null, words: string): string | null {
  return value === null ? null : `${words} ${value}`
}

function viewsOf(least: string | null, most: string | null): string | null {
  if (least === null || most === null) return null
  const side = (pixels: string): string => `${integer(Number(pixels))} px`
  return `${side(least)} to ${side(most)}`
}

function judgeText({ judge, judgeReading }: ReportData['summary']): string {
  if (judge === 'none') return 'none: what rules do not decide is wrong'
  return judgeReading === null ? judge : `${judge}, read ${judgeReading}`
}

function usageText(usage: ReportData['usage']['policy']): string | null {
  if (usage === null) return null
  const { calls, cached, promptTokens, completionTokens, cost } = usage
  const money = cost === null ? '' : `, ${cost.amount.toFixed(2)} ${cost.currency}`
  return `${integer(calls)}, ${integer(cached)} from the cache, ${integer(promptTokens + completionTokens)} tokens${money}`
}

function sandboxText(identity: unknown, environment: unknown): string | null {
  const parts = [
    textAt(environment, ['sandbox', 'runtime']),
    textAt(identity, ['sandbox', 'profile']),
    ...['pillow', 'numpy', 'opencv'].map((name) => {
      const version = textAt(identity, ['sandbox', name])
      return version === null ? null : `${name} ${version}`
    }),
  ].filter((part) => part !== null)
  return parts.length === 0 ? null : parts.join(', ')
}
