const NAMES = ['PATH', 'HOME', 'USER', 'TMPDIR', 'XDG_RUNTIME_DIR', 'XDG_CONFIG_HOME', 'SSH_AUTH_SOCK']
const PREFIXES = ['DOCKER_', 'CONTAINER_', 'CONTAINERS_', 'PODMAN_']

/** What a client of Docker or Podman needs of our environment, and nothing that may be secret. */
export function containerEnvironment(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] =>
        entry[1] !== undefined &&
        (NAMES.includes(entry[0]) || PREFIXES.some((prefix) => entry[0].startsWith(prefix))),
    ),
  )
}
