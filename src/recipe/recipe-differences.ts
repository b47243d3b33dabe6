import { MAX_TOOL_TEXT } from '../agent/limit-text.js'
import { CODE_IMAGE_TOOL } from '../agent/tool-description.js'
import { SYSTEM_PROMPT } from '../agent/system-prompt.js'
import { evaluationSchema } from '../config/evaluation-schema.js'
import { rewardSchema } from '../config/reward-schema.js'
import { PAPER_VALUES } from './paper-values.js'
import type { Recipe } from './recipe.js'
import { REWARD_KEYS, RL_KEYS, scriptValues, SFT_KEYS } from './recipe-values.js'

/** One value of the recipe, beside what holds here where nothing is said, and what the paper says; null: nothing. */
export interface RecipeValue {
  readonly name: string
  readonly recipe: string
  readonly here: string | null
  readonly paper: string | null
  /** One of the others is something else. */
  readonly isDifferent: boolean
}

/** What the recipe says, value by value. */
export function recipeDifferences(recipe: Recipe): RecipeValue[] {
  const { agent, sandbox } = evaluationSchema.parse({})
  const release = rewardSchema.parse({ variant: 'release' })
  const rl = scriptValues({ recipe, keys: RL_KEYS, of: 'training' })
  const rewards = scriptValues({ recipe, keys: REWARD_KEYS, of: 'training' })
  const here: Readonly<Record<string, unknown>> = {
    'RL turns': agent.turns,
    'RL maxPixels': agent.maxPixels,
    'RL toolTextCharacters': MAX_TOOL_TEXT,
    ...Object.fromEntries(Object.entries(release.weights).map(([name, value]) => [`reward ${name}`, value])),
  }
  const sft = Object.entries(SFT_KEYS).flatMap(([name, key]) =>
    sftValues({ name: `SFT ${name}`, key, recipe, here }),
  )
  return [
    ...(recipe.systemPrompt.isFound
      ? [wording({ name: 'system prompt', recipe: recipe.systemPrompt.value, here: SYSTEM_PROMPT })]
      : []),
    ...(recipe.tool.isFound
      ? [
          wording({
            name: 'tool description',
            recipe: JSON.stringify(recipe.tool.value),
            here: JSON.stringify(CODE_IMAGE_TOOL),
          }),
        ]
      : []),
    { name: 'what a call means', recipe: 'release', here: sandbox.profile, paper: null, isDifferent: true },
    ...Object.entries(rl).map(([name, value]) => compared({ name: `RL ${name}`, value, here })),
    ...Object.entries(rewards).map(([name, value]) => compared({ name: `reward ${name}`, value, here })),
    ...sft,
  ]
}

/** One where all families have the same, else one for each. */
function sftValues({
  name,
  key,
  recipe,
  here,
}: {
  name: string
  key: string
  recipe: Recipe
  here: Readonly<Record<string, unknown>>
}): RecipeValue[] {
  const found = [...recipe.sft].flatMap(([family, part]) => {
    const value = part.isFound ? part.value[key] : undefined
    return value == null ? [] : [{ family, value }]
  })
  const [first] = found
  if (first !== undefined && found.every(({ value }) => value === first.value))
    return [compared({ name, value: first.value, here })]
  return found.map(({ family, value }) => compared({ name, family, value, here }))
}

function compared({
  name,
  family,
  value,
  here,
}: {
  name: string
  family?: string
  value: unknown
  here: Readonly<Record<string, unknown>>
}): RecipeValue {
  const own = here[name]
  const paper = PAPER_VALUES[name] ?? null
  const found = shown(value)
  const others = [own === undefined ? null : shown(own), paper]
  return {
    name: family === undefined ? name : `${name} (${family})`,
    recipe: found,
    here: others[0] ?? null,
    paper,
    isDifferent: others.some((other) => other !== null && other !== found),
  }
}

/** Small numbers as they are written, not with an exponent. */
function shown(value: unknown): string {
  if (typeof value !== 'number' || value === 0 || Math.abs(value) >= 1e-3) return String(value)
  return value.toFixed(12).replace(/0+$/, '')
}

function wording({ name, recipe, here }: { name: string; recipe: string; here: string }): RecipeValue {
  return {
    name,
    recipe: `${recipe.length} characters`,
    here: `${here.length} characters`,
    paper: null,
    isDifferent: recipe !== here,
  }
}
