import type { KubernetesSettings } from './kubernetes-settings.js'

const UNCONFINED = { type: 'Unconfined' }

/** Security contexts of a pod and of its container. */
export interface PodSecurity {
  pod: Record<string, unknown>
  context: Record<string, unknown>
  container: Record<string, unknown>
}

/**
 * What bubblewrap needs to make its namespaces in a pod, and no more. The filters of the container's engine forbid new namespaces and mounts; the ones that bind
 * the model's code are those of the sandbox. A pod that is not given this does not run the code at all: the evaluation ends before its first sample.
 */
export function sandboxSecurity({ containment }: Pick<KubernetesSettings, 'containment'>): PodSecurity {
  const unconfined = { seccompProfile: UNCONFINED, appArmorProfile: UNCONFINED }
  switch (containment.kind) {
    case 'user-namespace':
      return {
        // Its root is nobody on the node. Only so may /proc be shown whole, which a new /proc inside needs.
        pod: { hostUsers: false },
        context: { ...userContext(containment.user), ...unconfined },
        container: {
          allowPrivilegeEscalation: false,
          procMount: 'Unmasked',
          capabilities: { drop: ['ALL'] },
        },
      }
    case 'sys-admin':
      return {
        pod: {},
        context: { runAsUser: 0, runAsGroup: 0, ...unconfined },
        container: { capabilities: { drop: ['ALL'], add: SYS_ADMIN } },
      }
  }
}

/** Mounts and namespaces; the loopback of the empty network; becoming uid 65532 inside, giving it its folder, and ending it. */
const SYS_ADMIN = ['SYS_ADMIN', 'NET_ADMIN', 'SETUID', 'SETGID', 'CHOWN', 'DAC_OVERRIDE', 'KILL']

/** Of a pod that runs none of the model's code. Where it is root, it may write into the folders of others, as the pods whose runs it reads may. */
export function plainSecurity({ containment }: Pick<KubernetesSettings, 'containment'>): PodSecurity {
  const seccompProfile = { type: 'RuntimeDefault' }
  const container = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } }
  switch (containment.kind) {
    case 'user-namespace':
      return { pod: {}, context: { ...userContext(containment.user), seccompProfile }, container }
    case 'sys-admin':
      return {
        pod: {},
        context: { runAsUser: 0, runAsGroup: 0, seccompProfile },
        container: { ...container, capabilities: { drop: ['ALL'], add: ['DAC_OVERRIDE'] } },
      }
  }
}

function userContext(user: number): Record<string, unknown> {
  return {
    runAsNonRoot: true,
    ...{ runAsUser: user, runAsGroup: user, fsGroup: user, fsGroupChangePolicy: 'OnRootMismatch' },
  }
}
