import { delimiter } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { ensurePythonTestEnvironment } from '../dist/setup/python-environment.js'

/** Run the tests of a Python package of this repository in the environment of the sandbox, with the arguments of the command line; its exit code is that of the process. */
export async function runPytest({ packageFolder, env = () => ({}) }) {
  const folder = fileURLToPath(new URL(`../${packageFolder}/`, import.meta.url))
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
      env: { PYTHONPATH: [environment.site, tests.site, folder].join(delimiter), ...env(environment) },
    },
  )
  process.exitCode = result.exitCode ?? 1
}
