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
export function sandboxSecurity({ containment, user }: KubernetesSettings): PodSecurity {
  const unconfined = { seccompProfile: UNCONFINED, appArmorProfile: UNCONFINED }
  switch (containment) {
    case 'user-namespace':
      return {
        // Its root is nobody on the node. Only so may /proc be shown whole, which a new /proc inside needs.
        pod: { hostUsers: false },
        context: { ...userContext(user), ...unconfined },
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

/** Of a pod that runs none of the model's code. */
export function plainSecurity({ containment, user }: KubernetesSettings): PodSecurity {
  const seccompProfile = { type: 'RuntimeDefault' }
  return {
    pod: {},
    context:
      containment === 'sys-admin'
        ? { runAsUser: 0, runAsGroup: 0, seccompProfile }
        : { ...userContext(user), seccompProfile },
    container: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
  }
}

function userContext(user: number): Record<string, unknown> {
  return {
    runAsNonRoot: true,
    ...{ runAsUser: user, runAsGroup: user, fsGroup: user, fsGroupChangePolicy: 'OnRootMismatch' },
  }
}
