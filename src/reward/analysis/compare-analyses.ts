import type { CodeCall } from '../../core/code-call.js'
import type { Operation } from '../../core/execution.js'
import type { AnalysisKind, StaticAnalysis } from '../../core/tool-analysis.js'
import { bareCode } from './bare-code.js'
import { hasWordsOf } from './call-words.js'
import { compareBoxes } from './compare-boxes.js'
import type { Disagreement, TransformReason } from './disagreement.js'
import { observedAnalysis } from './observed-analysis.js'

export interface CompareAnalysesParameters {
  call: CodeCall
  execution: { status: 'ok' | 'error'; operations: readonly Operation[] }
  /** What the reader of texts makes of the call. */
  read: StaticAnalysis
}

/**
 * Where the reading of a call's text and the watching of its run disagree, and why, as far as that can be told from both. First what only the text says, then
 * what only the run shows, then differing boxes.
 */
export function compareAnalyses({ call, execution, read }: CompareAnalysesParameters): Disagreement[] {
  const observed = observedAnalysis(execution)
  // A text that was too long to be read is not looked at here either.
  const bare = read.problem === null ? bareCode(call.code) : ''
  const sight: Sight = { code: call.code, bare, execution, read, observed: observed.transforms }
  return [
    ...read.transforms
      .filter((transform) => !observed.transforms.includes(transform))
      .map((transform) => disagreement(transform, 'static', whyOnlyRead(transform, sight))),
    ...observed.transforms
      .filter((transform) => !read.transforms.includes(transform))
      .map((transform) => disagreement(transform, 'observed', whyOnlyObserved(transform, sight))),
    ...(read.transforms.includes('crop') && observed.transforms.includes('crop')
      ? compareBoxes({ call, read: read.cropBoxes, observed })
      : []),
  ]
}

interface Sight extends Pick<CompareAnalysesParameters, 'execution' | 'read'> {
  code: string
  /** Without comments and strings. */
  bare: string
  /** Transforms that the pixels bear out. */
  observed: readonly string[]
}

function whyOnlyRead(transform: string, { code, bare, execution, observed }: Sight): TransformReason {
  if (!hasWordsOf(transform, bare)) return hasWordsOf(transform, code) ? 'comment' : 'description'
  if (execution.status === 'error') return 'call-failed'
  if (isRotation(transform) && observed.some(isRotation) && hasUnreadCount(bare)) return 'rot90-count'
  return execution.operations.some(({ op }) => op === transform) ? 'not-verified' : 'without-effect'
}

function whyOnlyObserved(transform: string, { bare, execution, read }: Sight): TransformReason {
  if (read.problem !== null) return 'unreadable'
  const operation = execution.operations.find(({ op, verified }) => verified && op === transform)
  if (operation?.call === 'pixels') return 'seen-in-pixels'
  if (isRotation(transform) && hasUnreadCount(bare)) return 'rot90-count'
  return hasWordsOf(transform, bare) ? 'argument-unseen' : 'call-unknown'
}

function isRotation(transform: string): boolean {
  return transform.startsWith('rotate_')
}

/**
 * Whether np.rot90 is given a number of turns in a way that is not read: `np.rot90(a, 2)`, `np.rot90(k=2, m=a)`, `np.rot90(f(a), k=2)`; `np.rot90(a, k=2)` is.
 */
function hasUnreadCount(code: string): boolean {
  return [...code.matchAll(/np\.rot90\(\s*([^,\s)]+)\s*(\)*)\s*(,?)\s*(k\s*=\s*[-+]?\d)?/g)].some(
    ([, first = '', closing = '', comma = '', count]) => {
      if (first.startsWith('k=')) return true
      // A parenthesis ends the reading, also where it closes only a call among the arguments.
      const open = first.split('(').length - 1
      return comma !== '' && closing.length <= open && (closing !== '' || count === undefined)
    },
  )
}

function disagreement(transform: string, saidBy: AnalysisKind, reason: TransformReason): Disagreement {
  return { kind: 'transform', transform, saidBy, reason }
}
