import { UsageError } from '../../core/errors.js'
import type { MiniWorldConfig } from './mini-world-config.js'
import { rowsThatFit, sceneMetrics } from './scene-metrics.js'

/** Without so many rows there is nothing to choose from. */
const FEWEST_ROWS = 3

/**
 * See that every scene has room for what is drawn in it.
 * @throws UsageError naming the first that has not, and what would give it room.
 */
export function checkRoom(config: MiniWorldConfig): void {
  for (const family of config.families)
    for (const style of config.styles) {
      const rows = rowsThatFit({ metrics: sceneMetrics({ config, family, style }), style })
      // Cards of the family `read` stand in two rows.
      const least = style === 'cards' ? 2 : FEWEST_ROWS
      if (rows >= least) continue
      throw new UsageError(
        `${style}, ${family}: expected room for ${least} rows, got room for ${Math.max(0, rows)}; choose a larger --view, a smaller --${family}-height, or leave the style out (--styles)`,
      )
    }
}
