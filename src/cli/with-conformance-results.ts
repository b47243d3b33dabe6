import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeRecipe } from '../cluster/recipe/write-recipe.js'
import type { ConformanceResult } from '../services/conformance/conformance-rule.js'
import { withOwnService, type OwnService } from '../services/conformance/own-service.js'
import type { ConformanceTarget } from './conformance-target.js'

/** Calls that may run or wait in an environment of its own: so few that a rule can fill it up. */
const PLACES = 4

type Results = AsyncGenerator<ConformanceResult>

/** Try the rules of a target, over a service of its own where no URL is given, as long as that lives; service, tasks and recipe are gone afterwards. @throws what `work` throws; ServiceProcessError; AbortError */
export async function withConformanceResults<Value>({
  target,
  token,
  tokenFile,
  signal,
  work,
}: {
  target: ConformanceTarget
  token: string | undefined
  tokenFile: string | undefined
  signal: AbortSignal
  work: (results: Results) => Promise<Value>
}): Promise<Value> {
  const { face, url: given } = target
  const places = face === 'env' && given === undefined ? PLACES : null
  const over = async ({ url, answers, files, signal }: OwnService): Promise<Value> => {
    switch (face) {
      case 'env': {
        const { checkConformance } = await import('../services/conformance/check-conformance.js')
        return work(checkConformance({ url, token, answers, places, signal }))
      }
      case 'nemo-gym': {
        const { checkNemoConformance } = await import('../services/conformance/check-conformance.js')
        return work(checkNemoConformance({ url, token, answers, signal }))
      }
      case 'openenv': {
        const { checkOpenEnvConformance } = await import('../services/conformance/openenv-rules.js')
        return work(checkOpenEnvConformance({ url, token, answers, signal }))
      }
      case 'mcp': {
        const { checkMcpConformance } = await import('../services/conformance/mcp-rules.js')
        return work(checkMcpConformance({ url, token, files, signal }))
      }
      case 'verl':
      case 'trl': {
        const { checkTrainerConformance } = await import('../services/conformance/trainer-rules.js')
        const asked = { trainer: face, python: target.python, url, token, answers, signal }
        if (face === 'trl') return work(checkTrainerConformance({ ...asked, recipe: null }))
        return withVerlRecipe(url, (recipe) => work(checkTrainerConformance({ ...asked, recipe })))
      }
    }
  }
  if (given !== undefined) return over({ url: given, answers: null, files: null, signal })
  return withOwnService({ kind: face === 'mcp' ? 'mcp' : 'env', places, tokenFile, signal, work: over })
}

/** As `codevision cluster recipe verl` writes it. */
async function withVerlRecipe<Value>(url: string, work: (folder: string) => Promise<Value>): Promise<Value> {
  const folder = await mkdtemp(join(tmpdir(), 'codevision-recipe-'))
  try {
    // Only tool, calls and reward are read of it.
    const place = { folder, url, model: 'model', data: join(folder, 'rows.parquet'), nodes: 1, gpus: 1 }
    await writeRecipe({
      ...{ trainer: 'verl', variant: 'paper', version: '0.9', place },
      choices: { validation: null, opening: null },
    })
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
