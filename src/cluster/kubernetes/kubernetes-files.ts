import { stringify } from 'yaml'
import {
  mergeLines,
  refusalLines,
  resumeVariable,
  shardLine,
  shardVariables,
} from '../shards/shard-script.js'
import type { ShardedCommand } from '../shards/sharded-command.js'
import { checkSettings } from './check-settings.js'
import { jobNames } from './job-names.js'
import type { KubernetesSettings } from './kubernetes-settings.js'
import { plainSecurity, sandboxSecurity } from './pod-security.js'
import { pod } from './pod.js'
import { submitScript } from './submit-script.js'

const USAGE = 2
/** Long lines stay lines, and what comes twice is written twice. */
const YAML = { lineWidth: 0, aliasDuplicateObjects: false }

/**
 * An evaluation in shards as Jobs of Kubernetes (1.33 or later): `shards.yaml`, an Indexed Job, each index a shard; `merge.yaml`, which puts them together; and
 * `submit.sh`, which applies the one after the other.
 * @throws UsageError for a command or settings that cannot be run so
 */
export function kubernetesFiles({
  command,
  settings,
}: {
  command: ShardedCommand
  settings: KubernetesSettings
}): Record<string, string> {
  checkSettings({ command, settings })
  const jobs = jobNames(command)
  return {
    'shards.yaml': `# ${command.shards} shards of one evaluation, one an index. submit.sh applies it.\n${stringify(shardsJob(command, settings), YAML)}`,
    'merge.yaml': `# Puts the shards together, when all of them are complete. submit.sh applies it.\n${stringify(mergeJob(command, settings), YAML)}`,
    'submit.sh': submitScript(jobs),
  }
}

function shardsJob(command: ShardedCommand, settings: KubernetesSettings): Record<string, unknown> {
  const script = [
    ...shardVariables(command, 'JOB_COMPLETION_INDEX'),
    ...refusalLines(command),
    ...resumeVariable(command),
    // In place of the shell, so that it hears that the pod has to end. The runtime is named, so that a configuration that says otherwise is overruled: another way of
    // containment, or none, is not what the pod was made for.
    `exec ${shardLine(command, ['--runtime', 'bubblewrap'])}`,
  ]
  return job({
    ...{ name: jobNames(command).shards, run: command.name, container: 'evaluation' },
    spec: {
      completionMode: 'Indexed',
      completions: command.shards,
      parallelism: Math.min(settings.parallelism, command.shards),
      backoffLimitPerIndex: settings.retries,
    },
    // What was refused is refused in all of them.
    failing: [USAGE],
    pod: pod({
      ...{ container: 'evaluation', script: lines(script), settings },
      ...{ security: sandboxSecurity(settings), writes: command.output, memory: true },
    }),
  })
}

function mergeJob(command: ShardedCommand, settings: KubernetesSettings): Record<string, unknown> {
  return job({
    ...{ name: jobNames(command).merge, run: command.name, container: 'merge' },
    spec: { backoffLimit: 2 },
    // Done again, it would find the merged run there.
    failing: [1, USAGE],
    pod: pod({
      ...{ container: 'merge', script: lines(mergeLines(command)) },
      ...{ settings, security: plainSecurity(settings), writes: command.output, memory: false },
    }),
  })
}

function job({
  name,
  run,
  container,
  spec,
  failing,
  pod: template,
}: {
  name: string
  /** Name of the run, for a label. */
  run: string
  container: string
  spec: Record<string, unknown>
  /** Exit codes that no repetition changes. */
  failing: readonly number[]
  pod: Record<string, unknown>
}): Record<string, unknown> {
  const labels = {
    'app.kubernetes.io/name': 'codevision',
    'app.kubernetes.io/component': container,
    'app.kubernetes.io/instance': run.slice(0, 63).replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, ''),
  }
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, labels },
    spec: {
      ...spec,
      // Two pods of one shard would both want to write its run: the next begins when the one before has ended.
      podReplacementPolicy: 'Failed',
      podFailurePolicy: {
        rules: [
          {
            action: 'FailJob',
            onExitCodes: { containerName: container, operator: 'In', values: [...failing] },
          },
          // A node that is drained, or dies, is nobody's mistake: as often as it takes.
          { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
        ],
      },
      template: { metadata: { labels }, spec: template },
    },
  }
}

function lines(script: readonly string[]): string {
  return script.map((line) => `${line}\n`).join('')
}
