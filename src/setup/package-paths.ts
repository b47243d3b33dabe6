import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** The folder of this package: a checkout, or an installed package. */
export function packageDirectory(): string {
  return root
}

/** The Python that runs in the container, with its locks; `/opt/codevision` there. */
export function pySandboxDirectory(): string {
  return join(root, 'py_sandbox')
}

/** The trusted Python of the torch engine, with its lock. */
export function pyEngineDirectory(): string {
  return join(root, 'py_engine')
}

/** The Python half of pythonia, `/opt/pythonia` in the container, and its version. */
export function pythoniaPackage(): { version: string; python: string } {
  const require = createRequire(import.meta.url)
  const manifest = require.resolve('pythonia/package.json')
  const { version } = require(manifest) as { version: string }
  return { version, python: join(dirname(manifest), 'src', 'pythonia') }
}
