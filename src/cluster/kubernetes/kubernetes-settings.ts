/**
 * How bubblewrap may contain the sandbox in a pod: by user namespaces of an unprivileged one, or by CAP_SYS_ADMIN of a pod of root, where volumes cannot be
 * mapped to the users of such a namespace (NFS).
 */
export const CONTAINMENTS = ['user-namespace', 'sys-admin'] as const
export type PodContainment =
  /** User and group of the pods, which own what they write. */
  | { kind: 'user-namespace'; user: number }
  /** The pods are root's. */
  | { kind: 'sys-admin' }

/** What pods are given, beside the command. */
export interface KubernetesSettings {
  /** The image that is evaluated in; it holds this program, its Python and bubblewrap. */
  image: string
  /** Pods at the same time. */
  parallelism: number
  /** How often a shard whose evaluation failed is begun again. */
  retries: number
  /** CPUs and GiB of each pod. */
  cpus: number
  memory: number
  /** Folders in the pods by the names of the persistent volume claims that they show. */
  volumes: Readonly<Record<string, string>>
  /** A Secret, whose keys become variables. */
  secret: string | null
  environment: Readonly<Record<string, string>>
  containment: PodContainment
}
