import type { Provocation } from '../../../core/curation.js'
import type { ErrorKind, Execution } from '../../../core/execution.js'

/** Kinds and classes of errors that each provocation that fails may end in; `policy`: an import that the profile refuses. */
const OUTCOMES: Readonly<
  Record<
    Exclude<Provocation, 'wrong-tool'>,
    { kinds: readonly ErrorKind[]; types: readonly (string | null)[] }
  >
> = {
  'bad-argument': { kinds: ['runtime'], types: ['TypeError', 'ValueError'] },
  'missing-name': {
    kinds: ['runtime', 'policy'],
    types: ['NameError', 'AttributeError', 'ImportError', 'ModuleNotFoundError'],
  },
  'index-out-of-range': { kinds: ['runtime'], types: ['IndexError'] },
  timeout: { kinds: ['timeout'], types: [null, 'TimeoutError'] },
}

/** Whether a call went wrong in the way that its provocation means: a wrong tool runs, everything else fails in its own way. */
export function isProvoked({
  provocation,
  execution,
}: {
  provocation: Provocation
  execution: Pick<Execution<unknown>, 'status'> & Partial<{ kind: ErrorKind; type: string | null }>
}): boolean {
  if (provocation === 'wrong-tool') return execution.status === 'ok'
  if (execution.status === 'ok') return false
  const { kinds, types } = OUTCOMES[provocation]
  const { kind, type = null } = execution
  return kind !== undefined && kinds.includes(kind) && types.includes(type)
}
