import { UsageError } from '../../core/errors.js'
import { expectNoSecret } from '../../core/expect-no-secret.js'
import { expectWhole } from '../../core/expect-whole.js'
import { expectAmount, MEMORY } from '../shards/expect-amount.js'
import { expectNoSecretWords } from '../shards/expect-no-secret-words.js'
import { optionIn, type ShardedCommand } from '../shards/sharded-command.js'
import { checkVolumes } from './check-volumes.js'
import { isObjectName, OBJECT_NAME } from './object-name.js'
import type { KubernetesSettings } from './kubernetes-settings.js'

/** Users that a pod's own user namespace has, but root. */
const USERS = { least: 1, most: 65_535 }

/** @throws UsageError for what Kubernetes would refuse, what would put a key into the files, or run the model's code uncontained. */
export function checkSettings({
  command,
  settings,
}: {
  command: ShardedCommand
  settings: KubernetesSettings
}): void {
  const { parallelism, retries, cpus, memory, containment, volumes } = settings
  expectWhole({ option: '--parallelism', value: parallelism })
  expectWhole({ option: '--retries', value: retries, least: 0, most: 1000 })
  if (containment.kind === 'user-namespace')
    expectWhole({ option: '--user', value: containment.user, ...USERS })
  expectAmount({ option: '--cpus', value: cpus, least: 0.01, most: 1024 })
  expectAmount({ ...MEMORY, value: memory })
  checkNames(settings)
  checkEnvironment(settings)
  checkVolumes({ output: command.output, volumes })
  checkCommand(command)
}

function checkNames({ image, secret }: KubernetesSettings): void {
  if (/\s/.test(image)) throw new UsageError(`--image: expected an image, got ${JSON.stringify(image)}`)
  if (secret !== null && !isObjectName(secret))
    throw new UsageError(`--secret: expected ${OBJECT_NAME}, got ${JSON.stringify(secret)}`)
}

function checkEnvironment({ environment }: KubernetesSettings): void {
  for (const [name, value] of Object.entries(environment)) {
    if (!/^[A-Za-z_][\w.-]*$/.test(name))
      throw new UsageError(
        `--env: expected NAME=value with a name of letters, digits and underscores, got ${JSON.stringify(name)}`,
      )
    expectNoSecret({ option: `--env ${name}`, name, value, advice: advice(name) })
  }
}

function checkCommand(command: ShardedCommand): void {
  const { arguments: given } = command
  const option = ['--runtime', '--no-runtime', '--sandbox-socket'].find((name) => optionIn(given, name))
  if (option !== undefined)
    throw new UsageError(
      `${option}: expected none in the command, since pods contain the sandbox by bubblewrap (--containment says how), got ${given.join(' ')}`,
    )
  expectNoSecretWords({ command, advice: advice('NAME') })
}

function advice(variable: string): string {
  return `Put it into a Secret (kubectl create secret generic codevision --from-literal ${variable}=…) and name that: --secret codevision`
}
