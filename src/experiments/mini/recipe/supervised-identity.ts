import type { MiniStageConfig } from '../mini-config.js'

/** How often a stage is measured and saved and on what it computes; what it begins with is told by its content. */
const FREE = new Set<string>([
  'saveEvery',
  'measureEvery',
  'measured',
  'backend',
  'from',
] satisfies (keyof MiniStageConfig)[])

/** Of a configuration, what decides about the weights that come of it. */
export function supervisedIdentity(config: MiniStageConfig): object {
  return Object.fromEntries(Object.entries(config).filter(([name]) => !FREE.has(name)))
}
