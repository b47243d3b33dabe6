import { UsageError } from '../core/errors.js'
import { oneOf } from './one-of.js'
import { urlOf } from './url-of.js'

/** Ways to reach the environment, or its tools. */
export const FACES = ['env', 'openenv', 'nemo-gym', 'mcp', 'verl', 'trl'] as const

/** What is tried; without `url` over a service of its own. */
export type ConformanceTarget =
  | { face: 'env' | 'openenv' | 'nemo-gym' | 'mcp'; url: string | undefined }
  | { face: 'verl' | 'trl'; url: string | undefined; python: string }

/** @throws UsageError for a target that is none, two URLs, or a Python that nothing uses. */
export function conformanceTarget({
  target,
  url,
  python,
}: {
  target: string
  url: string | undefined
  python: string | undefined
}): ConformanceTarget {
  const isUrl = /^https?:\/\//i.test(target)
  const face = isUrl ? 'env' : oneOf('target (or a URL)', FACES).coerce(target)
  if (isUrl && url !== undefined)
    throw new UsageError(
      `--url ${url}: expected it beside ${FACES.join(', ')}, got it beside the URL ${target}. Name one URL.`,
    )
  const where = isUrl ? urlOf('target').coerce(target) : url
  if (face === 'verl' || face === 'trl') return { face, url: where, python: python ?? 'python3' }
  if (python !== undefined)
    throw new UsageError(`--python ${python}: expected it beside verl or trl, got it beside ${target}.`)
  return { face, url: where }
}
