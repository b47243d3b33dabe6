import { stringify } from 'yaml'
import { environmentFile } from './environment-file.js'
import type { Recipe } from './recipe.js'
import type { RecipePlace, RecipeVariant } from './recipe-setting.js'
import { trlSettings } from './trl-settings.js'
import { valuesPage } from './values-page.js'

/** The paper's training, or that of its release, with TRL: fields of its GRPOConfig, and the script that trains with them. */
export function trlRecipe({
  variant,
  place,
  packageFolder,
}: {
  variant: RecipeVariant
  place: RecipePlace
  /** Where this package lies. */
  packageFolder: string
}): Recipe {
  const settings = trlSettings({ variant, place })
  const fields = Object.fromEntries(settings.map(({ key, value }) => [key, value]))
  return {
    settings,
    files: {
      'grpo.yaml': stringify({
        model: place.model,
        url: place.url,
        grpo: { output_dir: `grpo-${variant}`, ...fields },
      }),
      'environment.yaml': environmentFile({ variant, packageFolder }),
      'values.md': valuesPage(settings),
      'train.sh': launch({ variant, place, packageFolder }),
    },
  }
}

function launch({
  variant,
  place: { data, url, nodes, gpus },
  packageFolder,
}: Parameters<typeof trlRecipe>[0]): string {
  const { hostname, port } = new URL(url)
  return `#!/usr/bin/env bash
# GRPO as in the ${variant === 'paper' ? 'paper' : 'release'}, with TRL. Where ours differs from paper and release stands in values.md.
#
# Once:
#   pip install 'trl[vllm]>=1.8' pyyaml ${packageFolder}/integrations/codevision_env
# Beside the training, on ${hostname}:
#   npx codevision serve env --config environment.yaml --data ${data} --port ${port === '' ? 80 : port}
set -euo pipefail
cd "$(dirname "\${BASH_SOURCE[0]}")"
exec accelerate launch --num_machines ${nodes} --num_processes ${nodes * gpus} -m codevision_env.train_trl grpo.yaml "$@"
`
}
