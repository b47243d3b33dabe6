import { CODE_IMAGE_TOOL } from '../../agent/tool-description.js'
import { SYSTEM_PROMPT } from '../../agent/system-prompt.js'
import { environmentFile } from './environment-file.js'
import { hydraOverride } from './hydra-override.js'
import type { Recipe } from './recipe.js'
import type { RecipePlace, RecipeVariant } from './recipe-setting.js'
import { valuesPage } from './values-page.js'
import { TOOL_FILE, verlSettings, type VerlVersion } from './verl-settings.js'
import { verlToolFile } from './verl-tool-file.js'

/** The paper's training, or that of its release, with verl: tool, overrides, launch script, system prompt. */
export function verlRecipe({
  variant,
  version,
  place,
  packageFolder,
}: {
  variant: RecipeVariant
  version: VerlVersion
  place: RecipePlace
  /** Where this package lies. */
  packageFolder: string
}): Recipe {
  const settings = verlSettings({ variant, place })
  return {
    settings,
    files: {
      [TOOL_FILE]: verlToolFile({ tool: CODE_IMAGE_TOOL, url: place.url }),
      'overrides.txt': settings.map((setting) => `${hydraOverride(setting)}\n`).join(''),
      'environment.yaml': environmentFile({ variant, packageFolder }),
      'system-prompt.txt': SYSTEM_PROMPT,
      'values.md': valuesPage(settings),
      'train.sh': launch({ variant, version, place, packageFolder }),
    },
  }
}

function launch({
  variant,
  version,
  place: { data, url },
  packageFolder,
}: Parameters<typeof verlRecipe>[0]): string {
  const next = { '0.9': '0.10', '0.8': '0.9', '0.7.1': '0.8' }[version]
  const { hostname, port } = new URL(url)
  return `#!/usr/bin/env bash
# GRPO as in the ${variant === 'paper' ? 'paper' : 'release'}, with verl. Where ours differs from paper and release stands in values.md.
#
# Once:
#   pip install 'verl[vllm]>=${version},<${next}' ${packageFolder}/integrations/codevision_env
#   npx codevision data export rl/rows.parquet --format verl --system-prompt system-prompt.txt --out rl-verl     # ${data}
# Beside the training, on ${hostname}, over the same rows:
#   npx codevision serve env --config environment.yaml --data ${data} --port ${port === '' ? 80 : port}
set -euo pipefail
cd "$(dirname "\${BASH_SOURCE[0]}")"
mapfile -t overrides <overrides.txt
exec python3 -m verl.trainer.main_ppo "\${overrides[@]}" "$@"
`
}
