import type { EvaluationInput } from '../config/evaluation-schema.js'
import type { Recipe } from './recipe.js'
import { REWARD_KEYS, RL_KEYS, scriptValues } from './recipe-values.js'
import type { ShellValue } from './shell-settings.js'

/** Names of the files beside the configuration. */
export const FILES = {
  evaluation: 'eval.yaml',
  systemPrompt: 'system-prompt.txt',
  tool: 'tool-description.json',
  chatTemplate: 'chat-template.jinja',
  training: 'grpo.yaml',
} as const

/**
 * The recipe as a configuration of `codevision eval`: its prompt, tool, limits, reward and judge, calls meant as in its environment. What it does not say is left out, so that the
 * defaults of this project hold.
 */
export function evaluationOf({
  recipe,
  suite,
}: {
  recipe: Recipe
  /** Name of the suite that it evaluates on; null: none that is known here. */
  suite: string | null
}): EvaluationInput {
  const rl = scriptValues({ recipe, keys: RL_KEYS, of: 'evaluation' })
  const weights = numbersOf(scriptValues({ recipe, keys: REWARD_KEYS, of: 'training' }))
  const prompt = numberOf(rl.promptTokens)
  const response = numberOf(rl.responseTokens)
  const turns = numberOf(rl.turns)
  const maxPixels = numberOf(rl.maxPixels)
  return {
    ...(suite !== null && { suite }),
    policy: {
      kind: 'openai',
      model: typeof rl.model === 'string' ? rl.model : 'CodeVision',
      // The recipe's prompt does not tell of the tool: what its template tells stands behind it, or the server's own template must tell.
      toolFormat: recipe.systemPrompt.isFound && !recipe.toolSection.isFound ? 'native' : 'hermes',
      temperature: 0,
    },
    ...(recipe.judge.isFound && { judge: { model: recipe.judge.value, reading: 'codevision' } }),
    sandbox: { profile: 'release' },
    agent: {
      parsing: 'hermes',
      ...(recipe.systemPrompt.isFound && { systemPrompt: FILES.systemPrompt }),
      ...(recipe.tool.isFound && { toolDescription: FILES.tool }),
      ...(turns !== null && { turns }),
      ...(response !== null && { tokensPerTurn: response }),
      ...(prompt !== null && response !== null && { totalTokens: prompt + response }),
      ...(maxPixels !== null && { maxPixels }),
    },
    ...(Object.keys(weights).length > 0 && { reward: { variant: 'release', weights } }),
  }
}

function numbersOf(values: Readonly<Record<string, ShellValue>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  )
}

function numberOf(value: ShellValue | undefined): number | null {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : null
}
