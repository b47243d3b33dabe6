import { stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import type { RecipeRequest } from '../cluster/recipe/recipe-request.js'
import { VERL_VERSIONS } from '../cluster/recipe/verl-settings.js'
import { isThere } from '../config/is-there.js'
import { UsageError } from '../core/errors.js'
import { expectWhole } from '../core/expect-whole.js'
import { VERL_ONLY_OPTIONS, type RecipeArguments } from './cluster-recipe-options.js'

const MODELS = { verl: 'Qwen/Qwen3-VL-8B-Thinking', trl: 'Qwen/Qwen3-VL-8B-Instruct' }
const ROWS = { verl: 'rl-verl/codevision_rl.parquet', trl: 'rl/rows.parquet' }
/** As the hub names models: `name` or `owner/name`. */
const HUB_NAME = /^\w[\w.-]*(\/\w[\w.-]*)?$/
/** What the chat templates of thinking models begin a turn with. */
const THINKING = String.raw`<think>\n`

/**
 * What the command line asks for, with paths for any current folder.
 * @throws UsageError
 */
export async function recipeRequestOf(given: RecipeArguments): Promise<RecipeRequest> {
  const { trainer, variant, nodes, gpus, url, model = MODELS[trainer] } = given
  const common = {
    variant,
    place: {
      folder: resolve(given.out ?? `recipe-${trainer}`),
      model: await modelOf(model),
      data: resolve(given.data ?? ROWS[trainer]),
      url,
      nodes: expectWhole({ option: '--nodes', value: nodes }),
      gpus: expectWhole({ option: '--gpus', value: gpus }),
    },
  }
  if (trainer === 'trl') {
    const wrong = VERL_ONLY_OPTIONS.find((name) => given[name] !== undefined)
    if (wrong !== undefined)
      throw new UsageError(`--${wrong} is for verl: leave it out, or write codevision cluster recipe verl.`)
    return { trainer, ...common }
  }
  const choices = {
    validation: given.val === undefined ? null : resolve(given.val),
    opening: openingOf({ opening: given.opening, model }),
  }
  return { trainer, version: given.verl ?? VERL_VERSIONS[0], choices, ...common }
}

/** The folder, absolute, where it is one or can be nothing else; else the name. */
async function modelOf(given: string): Promise<string> {
  const isFolder = await stat(given).then(
    (found) => found.isDirectory(),
    () => false,
  )
  return isFolder || !HUB_NAME.test(given) ? resolve(given) : given
}

/** The folder that a model is meant to be in and that is not here, absolute; null for one that is, and for names on the hub. */
export async function missingFolderOf(model: string): Promise<string | null> {
  if (await isThere(model)) return null
  const [first = ''] = model.split('/')
  // A name on the hub has two parts as well.
  const isLocal = !HUB_NAME.test(model) || first === 'runs' || (model.includes('/') && (await isThere(first)))
  return isLocal ? resolve(model) : null
}

/** Whether its name says that it thinks before each of its turns. */
export function isThinking(model: string): boolean {
  return /thinking/i.test(basename(model))
}

function openingOf({
  opening,
  model,
}: {
  opening: RecipeArguments['opening']
  model: string
}): string | null {
  if (opening === undefined) return isThinking(model) ? THINKING : null
  // The reward reads backslash and n as a line break; a real one would end the line that it stands in.
  const line = typeof opening === 'string' ? opening.replaceAll('\n', String.raw`\n`) : opening
  if (typeof line === 'string' && !/\p{Cc}/u.test(line)) return line === '' ? null : line
  throw new UsageError(
    `--opening: expected one text such as '${THINKING}', or an empty one for none, got ${JSON.stringify(opening)}`,
  )
}
