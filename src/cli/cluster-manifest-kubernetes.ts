import type { CommandModule } from 'yargs'
import { CONTAINMENTS, type PodContainment } from '../cluster/kubernetes/kubernetes-settings.js'
import { UsageError } from '../core/errors.js'
import {
  manifestCommand,
  withManifestOptions,
  writeManifest,
  type ManifestArguments,
} from './manifest-options.js'
import { numberOf } from './number-of.js'
import { oneOf } from './one-of.js'
import { pairsOf } from './pairs-of.js'
import { textOf } from './text-of.js'

interface KubernetesArguments extends ManifestArguments {
  image: string
  volume: Record<string, string>
  secret: string | undefined
  env: Record<string, string> | undefined
  retries: number
  containment: PodContainment['kind']
  user: number | undefined
}

const USER = 65_533

export const clusterManifestKubernetesCommand: CommandModule<object, KubernetesArguments> = {
  command: 'kubernetes',
  describe: 'An Indexed Job, an index for each shard, and a Job that merges them',
  builder: (command) =>
    withManifestOptions(command, 'kubernetes')
      .option('image', {
        ...textOf('--image', 'an image'),
        demandOption: true,
        describe: 'Image of the target evaluation of the Dockerfile, where the cluster finds it',
      })
      .option('volume', {
        ...pairsOf('--volume'),
        demandOption: true,
        describe:
          'CLAIM=FOLDER: a persistent volume claim and where pods see it; that of --output is written',
      })
      .option('secret', {
        ...textOf('--secret', 'the name of a Secret'),
        describe: 'Secret whose keys become variables, such as OPENAI_API_KEY',
      })
      .option('env', { ...pairsOf('--env'), describe: 'NAME=value: a variable, such as OPENAI_BASE_URL' })
      .option('retries', {
        ...numberOf('--retries'),
        default: 3,
        describe: 'How often a part that failed is begun again',
      })
      .option('containment', {
        ...oneOf('--containment', CONTAINMENTS),
        default: CONTAINMENTS[0],
        describe: "How the sandbox contains the model's code in a pod",
      })
      .option('user', {
        ...numberOf('--user'),
        describe: `User and group that own the runs; under sys-admin it is root [default: ${USER}]`,
      })
      .example(
        '$0 cluster manifest kubernetes --shards 16 --image registry/codevision-evaluation --volume runs=/shared --secret codevision -- codevision eval /shared/eval.yaml --name mine --output /shared/runs',
        'Then mine-kubernetes/submit.sh',
      ),
  handler: async (given) => {
    const { kubernetesFiles } = await import('../cluster/kubernetes/kubernetes-files.js')
    const command = await manifestCommand(given)
    const { parallelism = given.shards, cpus, memory, retries, image } = given
    const files = kubernetesFiles({
      command,
      settings: {
        ...{ image, parallelism, retries, cpus, memory },
        containment: containmentOf(given),
        volumes: given.volume,
        secret: given.secret ?? null,
        environment: given.env ?? {},
      },
    })
    const folder = given.out ?? `${command.name}-kubernetes`
    await writeManifest({ command, files, folder, next: 'Where kubectl is:' })
  },
}

function containmentOf({
  containment: kind,
  user,
}: Pick<KubernetesArguments, 'containment' | 'user'>): PodContainment {
  if (kind === 'user-namespace') return { kind, user: user ?? USER }
  if (user === undefined) return { kind }
  throw new UsageError(`--user: expected none with --containment ${kind}, whose pods are root's, got ${user}`)
}
