import { isAbsolute, relative } from 'node:path'
import { UsageError } from '../../core/errors.js'
import { optionIn, type ShardedCommand } from '../shards/sharded-command.js'
import type { KubernetesSettings } from './kubernetes-settings.js'

/** Variables whose values are keys: they belong into a Secret, which these files only name. */
const KEYS = /(?:_|^)(?:KEY|TOKEN|SECRET|PASSWORD)$/
const OBJECT_NAME = /^[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?$/

/** @throws UsageError for what Kubernetes would refuse, what would put a key into the files, or run the model's code uncontained. */
export function checkSettings({
  command,
  settings,
}: {
  command: ShardedCommand
  settings: KubernetesSettings
}): void {
  const { parallelism, retries, cpus, memory, user } = settings
  expectWhole('--parallelism', parallelism, 1)
  expectWhole('--retries', retries, 0)
  expectWhole('--user', user, 1)
  expectPositive('--cpus', cpus)
  expectPositive('--memory', memory)
  checkNames(settings)
  checkVolumes(command, settings)
  checkRuntime(command)
}

function checkNames({ image, secret, volumes, environment }: KubernetesSettings): void {
  if (/\s/.test(image)) throw new UsageError(`--image: expected an image, got ${JSON.stringify(image)}`)
  const named: [option: string, name: string][] = Object.keys(volumes).map((name) => ['--volume', name])
  if (secret !== null) named.push(['--secret', secret])
  for (const [option, name] of named)
    if (!OBJECT_NAME.test(name))
      throw new UsageError(
        `${option}: expected the name of an object in Kubernetes (lower-case letters, digits, hyphens, dots), got ${JSON.stringify(name)}`,
      )
  const key = Object.keys(environment).find((name) => KEYS.test(name))
  if (key !== undefined)
    throw new UsageError(
      `--env ${key}: expected no key, since whoever reads the files would read it. Put it into a Secret (kubectl create secret generic codevision --from-literal ${key}=…) and name that: --secret codevision`,
    )
}

function checkVolumes({ output }: ShardedCommand, { volumes }: KubernetesSettings): void {
  for (const [claim, folder] of Object.entries(volumes))
    if (!/^(?:\/[\w.-]+)+$/.test(folder) || ['/tmp', '/dev', '/opt', '/usr'].includes(folder))
      throw new UsageError(
        `--volume ${claim}: expected CLAIM=FOLDER with a folder of its own in the pod, such as /shared, got ${JSON.stringify(folder)}`,
      )
  const folders = Object.values(volumes)
  const twice = folders.find((folder, at) => folders.indexOf(folder) !== at)
  if (twice !== undefined) throw new UsageError(`--volume: expected each folder once, got ${twice} twice`)
  if (volumeOf(output, volumes) === null)
    throw new UsageError(
      `--volume: expected CLAIM=FOLDER of a claim that holds --output ${output}, got ${folders.join(', ') || 'none'}: what pods write elsewhere is lost with them`,
    )
}

/** The claim in whose folder a path lies; null where there is none. */
export function volumeOf(path: string, volumes: Readonly<Record<string, string>>): string | null {
  const holds = (folder: string): boolean => {
    const way = relative(folder, path)
    return way !== '..' && !way.startsWith('../') && !isAbsolute(way)
  }
  return Object.entries(volumes).find(([, folder]) => holds(folder))?.[0] ?? null
}

function checkRuntime({ arguments: given }: ShardedCommand): void {
  const option = ['--runtime', '--sandbox-socket'].find((name) => optionIn(given, name))
  if (option !== undefined)
    throw new UsageError(
      `${option}: expected none in the command, since pods contain the sandbox by bubblewrap (--containment says how), got ${given.join(' ')}`,
    )
}

function expectWhole(option: string, value: number, from: number): void {
  if (!Number.isInteger(value) || value < from)
    throw new UsageError(`${option}: expected a whole number from ${from}, got ${value}`)
}

function expectPositive(option: string, value: number): void {
  if (!(value > 0)) throw new UsageError(`${option}: expected more than 0, got ${value}`)
}
