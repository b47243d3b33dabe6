import { stringify } from 'yaml'
import { shellWord } from '../../core/shell-word.js'
import { accelerateFile } from './accelerate-file.js'
import { environmentFile } from './environment-file.js'
import { integrationFolder, launchHead } from './launch-head.js'
import type { Recipe } from './recipe.js'
import type { RecipePlace, RecipeVariant } from './recipe-setting.js'
import { trlSettings } from './trl-settings.js'
import { valuesPage } from './values-page.js'

/** TRL begins the episodes of a whole batch before its first call, and ends them with its rewards: hours may lie between, and the images of all are held. */
const SERVED_FOR_A_BATCH = ['--lease', '7200', '--held-mb', '32768']

/**
 * The paper's training, or that of its release, with TRL: fields of its GRPOConfig, how accelerate shares it out, and the script that trains with them.
 * @throws UsageError where the rollouts of an update cannot be shared out among the GPUs
 */
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
      'accelerate.yaml': accelerateFile(),
      'environment.yaml': environmentFile({ variant, packageFolder }),
      'values.md': valuesPage({ settings, variant }),
      'train.sh': launch({ variant, place, packageFolder }),
    },
  }
}

function launch({ variant, place, packageFolder }: Parameters<typeof trlRecipe>[0]): string {
  const { nodes, gpus, data } = place
  const head = launchHead({
    ...{ trainer: 'TRL', variant, place },
    once: [`pip install 'trl[vllm,vlm,deepspeed]>=1.8' pyyaml ${integrationFolder(packageFolder)}`],
    served: { rows: shellWord(data), note: '', options: SERVED_FOR_A_BATCH },
  })
  const processes = `--num_machines ${nodes} --num_processes ${nodes * gpus}`
  const several = [
    `# On each of the ${nodes} machines, at the same time, with this folder and the model under the same paths.`,
    `: "\${NODE_RANK:?expected 0 on the first machine, up to ${nodes - 1} on the last; export NODE_RANK}"`,
    ': "${MASTER_ADDR:?expected the address of the first machine, which the others reach; export MASTER_ADDR}"',
    'machine=(--machine_rank "$NODE_RANK" --main_process_ip "$MASTER_ADDR" --main_process_port "${MASTER_PORT:-29500}")',
  ]
  const machine = nodes > 1 ? '"${machine[@]}" ' : ''
  return [
    ...head,
    ...(nodes > 1 ? several : []),
    `exec accelerate launch --config_file accelerate.yaml ${processes} ${machine}-m codevision_env.train_trl grpo.yaml "$@"`,
    '',
  ].join('\n')
}
