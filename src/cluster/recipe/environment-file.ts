import { join } from 'node:path'
import { stringify } from 'yaml'
import type { RecipeVariant } from './recipe-setting.js'

/** What `codevision serve env --config` takes: reward, scoring and sandbox of the training, views as large as the release's. */
export function environmentFile({
  variant,
  packageFolder,
}: {
  variant: RecipeVariant
  /** Where this package lies. */
  packageFolder: string
}): string {
  const parts = [`grpo-${variant}.yaml`, 'parts/release-limits.yaml']
  return stringify({ extends: parts.map((part) => join(packageFolder, 'configs/train', part)) })
}
