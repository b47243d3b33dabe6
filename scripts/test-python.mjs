// Runs py_sandbox's own tests in the Python environment of the sandbox: npm run test:python [-- PYTEST ARGUMENTS]
import { delimiter } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { pythoniaPackage } from '../dist/setup/package-paths.js'
import { ensurePythonTestEnvironment } from '../dist/setup/python-environment.js'

const folder = fileURLToPath(new URL('../py_sandbox/', import.meta.url))
const { environment, tests } = await ensurePythonTestEnvironment({
  onProgress: (line) => console.error(line),
})
const paths = [environment.site, tests.site, folder]
const result = await execa(
  environment.python,
  ['-B', '-m', 'pytest', '-p', 'no:cacheprovider', ...process.argv.slice(2)],
  {
    cwd: folder,
    reject: false,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      PYTHONPATH: paths.join(delimiter),
      // What tests need that start the host as the container does.
      CODEVISION_SITE: environment.site,
      CODEVISION_PYTHONIA: pythoniaPackage().python,
    },
  },
)
process.exitCode = result.exitCode ?? 1
