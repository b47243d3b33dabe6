/** GiB as Kubernetes writes memory, rounded up to whole MiB. */
export function memoryQuantity(gibibytes: number): string {
  return Number.isInteger(gibibytes) ? `${gibibytes}Gi` : `${Math.ceil(gibibytes * 1024)}Mi`
}

/** CPUs as Kubernetes writes them, rounded up to thousandths. */
export function cpuQuantity(cpus: number): string {
  return Number.isInteger(cpus) ? String(cpus) : `${Math.ceil(cpus * 1000)}m`
}
