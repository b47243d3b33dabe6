// Runs the tests of integrations/codevision_env against the service itself: npm run test:integrations [-- PYTEST ARGUMENTS]
// What needs verl or TRL is tried by `npm run verify:full verl trl`.
import { delimiter } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { ensurePythonTestEnvironment } from '../dist/setup/python-environment.js'

const folder = fileURLToPath(new URL('../integrations/codevision_env/', import.meta.url))
const { environment, tests } = await ensurePythonTestEnvironment({
  onProgress: (line) => console.error(line),
})
const result = await execa(
  environment.python,
  ['-B', '-m', 'pytest', '-p', 'no:cacheprovider', ...process.argv.slice(2)],
  {
    cwd: folder,
    reject: false,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { PYTHONPATH: [environment.site, tests.site, folder].join(delimiter) },
  },
)
process.exitCode = result.exitCode ?? 1
