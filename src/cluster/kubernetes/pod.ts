import type { KubernetesSettings } from './kubernetes-settings.js'
import type { PodSecurity } from './pod-security.js'
import { cpuQuantity, memoryQuantity } from './quantity.js'
import { volumeOf } from './volume-of.js'

/** Seconds in which samples that run may end, after the pod is told to. */
const GRACE_SECONDS = 120

/** A pod of a Job with one container, that shows the claims; the one that holds `writes` may be written. */
export function pod({
  container,
  script,
  settings,
  security,
  writes,
  memory,
}: {
  /** Its name. */
  container: string
  /** POSIX shell. */
  script: string
  settings: KubernetesSettings
  security: PodSecurity
  /** A folder in it. */
  writes: string
  /** Whether pixels cross to a sandbox in memory, which counts as the pod's. */
  memory: boolean
}): Record<string, unknown> {
  const { cpus, image, secret, environment, volumes } = settings
  const written = volumeOf(writes, volumes)
  const claims = Object.entries(volumes).map(([claim, folder], at) => ({
    claim,
    folder,
    // Of its own: names of claims may be longer than those of volumes, and have dots.
    name: `claim-${at + 1}`,
  }))
  return {
    // A pod that failed is not begun again but replaced, so that each try is seen.
    restartPolicy: 'Never',
    terminationGracePeriodSeconds: GRACE_SECONDS,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    // What a killed process leaves behind is reaped by the pod.
    shareProcessNamespace: true,
    ...security.pod,
    securityContext: security.context,
    containers: [
      {
        name: container,
        image,
        command: ['/bin/sh', '-euc', escaped(script)],
        ...(secret !== null && { envFrom: [{ secretRef: { name: secret } }] }),
        ...(Object.keys(environment).length > 0 && {
          env: Object.entries(environment).map(([name, value]) => ({ name, value: escaped(value) })),
        }),
        resources: {
          requests: { cpu: cpuQuantity(cpus), memory: memoryQuantity(settings.memory) },
          limits: { memory: memoryQuantity(settings.memory) },
        },
        securityContext: security.container,
        volumeMounts: [
          ...claims.map(({ claim, folder, name }) => ({
            name,
            mountPath: folder,
            ...(claim !== written && { readOnly: true }),
          })),
          ...(memory ? [{ name: 'exchange', mountPath: '/dev/shm' }] : []),
        ],
      },
    ],
    volumes: [
      ...claims.map(({ claim, name }) => ({ name, persistentVolumeClaim: { claimName: claim } })),
      ...(memory
        ? [
            {
              name: 'exchange',
              emptyDir: { medium: 'Memory', sizeLimit: memoryQuantity(settings.memory / 2) },
            },
          ]
        : []),
    ],
  }
}

/** Kubernetes replaces `$(NAME)` in commands and variables, and reads `$$` as one dollar. */
function escaped(text: string): string {
  return text.replaceAll(/\$(?=[$(])/g, '$$$$')
}
