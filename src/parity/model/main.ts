import { basename } from 'node:path'
import { UsageError } from '../../core/errors.js'
import { liveBackends, openBackend, type BackendName } from '../../models/backend/open-backend.js'
import { openModel } from '../../models/open-model.js'
import { checkModelCase } from './check-model-case.js'
import { readModelCases } from './model-cases.js'

// npm run parity:model -- DIR...: what the engine computes from checkpoints, beside what is known of them, on every backend that works here.

const SHOWN = 5

async function main(directories: readonly string[]): Promise<boolean> {
  if (directories.length === 0)
    throw new UsageError('Name folders of checkpoints with a cases.json: npm run parity:model -- DIR...')
  let agrees = true
  for (const backend of await liveBackends()) {
    await openBackend(backend)
    for (const directory of directories) {
      try {
        agrees = (await agreesWith({ directory, backend })) && agrees
      } catch (error) {
        // The other folders are looked at all the same.
        console.log(
          `${basename(directory)} failed on ${backend}: ${error instanceof Error ? error.message : String(error)}`,
        )
        agrees = false
      }
    }
  }
  return agrees
}

async function agreesWith({
  directory,
  backend,
}: {
  directory: string
  backend: BackendName
}): Promise<boolean> {
  let agrees = true
  const { tolerance, cases } = await readModelCases(directory)
  const model = await openModel(directory)
  try {
    for (const known of cases) {
      const { problems, worstLogit, worstGradient } = await checkModelCase({ model, known, tolerance })
      const verdict = problems.length === 0 ? 'passed' : 'failed'
      console.log(
        `${basename(directory)} ${known.name} ${verdict} (${worstLogit.toExponential(1)}, ${worstGradient.toExponential(1)}) on ${backend}`,
      )
      for (const problem of problems.slice(0, SHOWN)) console.log(`  ${problem}`)
      agrees &&= problems.length === 0
    }
  } finally {
    model.weights.dispose()
  }
  return agrees
}

try {
  process.exitCode = (await main(process.argv.slice(2))) ? 0 : 1
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = error instanceof UsageError ? 2 : 1
}
