import type { MiniEngine } from '../engines/mini-engine.js'
import type { MiniStageConfig } from '../mini-config.js'

/** How often a stage is measured and saved and on what it computes; what it begins with is told by its content. */
const FREE = new Set<string>([
  'saveEvery',
  'measureEvery',
  'measured',
  'backend',
  'from',
] satisfies (keyof MiniStageConfig)[])

/** Of a configuration, what decides about the weights that come of it. Each engine has checkpoints of its own; `tfjs` is not named, as it was the only one once. */
export function supervisedIdentity({
  config,
  engine,
}: {
  config: MiniStageConfig
  engine: MiniEngine
}): object {
  const own = Object.entries(config).filter(([name]) => !FREE.has(name))
  return { ...Object.fromEntries(own), ...(engine !== 'tfjs' && { engine }) }
}
