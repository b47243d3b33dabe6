import { aligned } from '../table/aligned.js'
import type { DisagreementLine } from './run-disagreements.js'

/** Disagreements as text for the terminal: a line for each kind and reason, the most frequent first, with one example. */
export function renderDisagreements({
  calls,
  lines,
}: {
  calls: number
  lines: readonly DisagreementLine[]
}): string {
  const differing = new Set(lines.map(({ key, call }) => `${key} ${call}`)).size
  const head = `static and observed: ${calls} calls compared, ${differing} differ.`
  if (lines.length === 0) return head
  const kinds = new Map<string, { count: number; example: DisagreementLine }>()
  for (const line of lines) {
    const kind = `${line.kind === 'boxes' ? 'boxes' : `only ${line.saidBy}`} · ${line.reason}`
    const { count, example } = kinds.get(kind) ?? { count: 0, example: line }
    kinds.set(kind, { count: count + 1, example })
  }
  const rows = [...kinds]
    .sort(([, a], [, b]) => b.count - a.count)
    .map(([kind, { count, example }]) => [kind, String(count), exampleText(example)])
  const counted = aligned([['reason', 'n'], ...rows.map((row) => row.slice(0, 2))])
  const examples = ['example', ...rows.map(([, , example]) => example)]
  return [head, '', ...counted.map((line, index) => `${line}  ${examples[index]}`)].join('\n')
}

function exampleText(line: DisagreementLine): string {
  const where = `${shortKey(line.key)}, call ${line.call}`
  return line.kind === 'boxes'
    ? `${JSON.stringify(line.static)} and ${JSON.stringify(line.observed)} (${where})`
    : `${line.transform} (${where})`
}

/** Task keys are hashes; their beginning tells them apart. */
function shortKey(key: string): string {
  return key.replace(/^([0-9a-f]{10})[0-9a-f]{20,}/, '$1…')
}
