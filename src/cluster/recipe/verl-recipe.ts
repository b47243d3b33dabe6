import { basename, dirname, join } from 'node:path'
import { CODE_IMAGE_TOOL } from '../../agent/tool-description.js'
import { SYSTEM_PROMPT } from '../../agent/system-prompt.js'
import { shellWord } from '../../core/shell-word.js'
import { environmentFile } from './environment-file.js'
import { hydraOverride } from './hydra-override.js'
import { integrationFolder, launchHead } from './launch-head.js'
import type { Recipe } from './recipe.js'
import type { RecipePlace, RecipeVariant, VerlChoices } from './recipe-setting.js'
import { valuesPage } from './values-page.js'
import { TOOL_FILE, verlSettings, type VerlVersion } from './verl-settings.js'
import { verlToolFile } from './verl-tool-file.js'

const PROMPT_FILE = 'system-prompt.txt'
/** What `codevision data export --format verl` writes. */
const ROWS_FILE = 'codevision_rl.parquet'

/**
 * The paper's training, or that of its release, with verl: tool, overrides, launch script, system prompt.
 * @throws UsageError where the rollouts of an update cannot be shared out among the GPUs
 */
export function verlRecipe({
  variant,
  version,
  place,
  choices,
  packageFolder,
}: {
  variant: RecipeVariant
  version: VerlVersion
  place: RecipePlace
  choices: VerlChoices
  /** Where this package lies. */
  packageFolder: string
}): Recipe {
  const settings = verlSettings({ variant, place, choices })
  return {
    settings,
    files: {
      [TOOL_FILE]: verlToolFile({ tool: CODE_IMAGE_TOOL, url: place.url }),
      'overrides.txt': settings.map((setting) => `${hydraOverride(setting)}\n`).join(''),
      'environment.yaml': environmentFile({ variant, packageFolder }),
      [PROMPT_FILE]: SYSTEM_PROMPT,
      'values.md': valuesPage({ settings, variant }),
      'train.sh': launch({ variant, version, place, choices, packageFolder }),
    },
  }
}

function launch({
  variant,
  version,
  place,
  choices: { validation },
  packageFolder,
}: Parameters<typeof verlRecipe>[0]): string {
  const next = { '0.9': '0.10', '0.8': '0.9', '0.7.1': '0.8' }[version]
  const { data, folder, nodes } = place
  const exported = `npx codevision data export ROWS --format verl --system-prompt ${shellWord(join(folder, PROMPT_FILE))} --out`
  const head = launchHead({
    ...{ trainer: 'verl', variant, place },
    once: [
      `pip install 'verl[vllm]>=${version},<${next}' ${integrationFolder(packageFolder)}`,
      // Rows under another name were made in another way.
      ...[data, ...(validation === null ? [] : [validation])]
        .filter((path) => basename(path) === ROWS_FILE)
        .map((path) => `${exported} ${shellWord(dirname(path))}`),
    ],
    served:
      validation === null
        ? { rows: shellWord(data), note: ', over the same rows' }
        : { rows: 'ALL-ROWS', note: `, over one file with the rows of ${data} and of ${validation}` },
    ...(nodes > 1 && { tokenFor: "ray start on each machine, whose environment is that of Ray's workers" }),
  })
  return [
    ...head,
    ...(nodes > 1 ? oneCluster(place) : []),
    'mapfile -t overrides <overrides.txt',
    'exec python3 -m verl.trainer.main_ppo "${overrides[@]}" "$@"',
    '',
  ].join('\n')
}

/** verl trains on whatever cluster of Ray it finds, and begins one of its own machine where it finds none. */
function oneCluster({ nodes, gpus }: RecipePlace): string[] {
  return [
    `# Before this, one cluster of Ray over the ${nodes} machines, all with this folder, the model and the rows under the same paths, and with what was installed above:`,
    '#   export RAY_AUTH_MODE=token RAY_AUTH_TOKEN_PATH=/RAY-FILE     # on each, and for this script; /RAY-FILE holds another token of your own, the same everywhere',
    `#   ray start --head --port 6379 --num-gpus ${gpus}                       # on the first`,
    `#   ray start --address FIRST:6379 --num-gpus ${gpus}                     # on each of the others; FIRST: address of the first`,
    '# Then this, on the first alone. Where there is no such cluster, it ends.',
    'export RAY_ADDRESS="${RAY_ADDRESS:-auto}"',
  ]
}
