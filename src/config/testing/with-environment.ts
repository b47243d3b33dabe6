import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Run a test with a new folder and with some variables set (undefined: removed); both are as before afterwards.
 */
export async function withEnvironment(
  variables: (folder: string) => Readonly<Record<string, string | undefined>>,
  run: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'codevision-test-'))
  const wanted = variables(folder)
  const before = Object.keys(wanted).map((name) => [name, process.env[name]] as const)
  const set = ([name, value]: readonly [string, string | undefined]) => {
    if (value === undefined) Reflect.deleteProperty(process.env, name)
    else process.env[name] = value
  }
  Object.entries(wanted).forEach(set)
  try {
    await run(folder)
  } finally {
    before.forEach(set)
    await rm(folder, { recursive: true, force: true })
  }
}
