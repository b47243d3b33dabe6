import { stringify } from 'yaml'
import type { EvaluationInput } from '../config/evaluation-schema.js'
import { FILES } from './evaluation-of.js'
import type { Part, Recipe } from './recipe.js'
import { REWARD_KEYS, RL_KEYS, scriptValues } from './recipe-values.js'

/** A file to be written, and where what stands in it comes from. */
export interface RecipeFile {
  readonly name: string
  readonly text: string
  readonly from: string
}

/** What an import writes: the configuration of an evaluation and the files that it names, and the values of both trainings. */
export function recipeFiles({
  recipe,
  evaluation,
  out,
}: {
  recipe: Recipe
  evaluation: EvaluationInput
  /** As it is told to the user. */
  out: string
}): RecipeFile[] {
  const { systemPrompt, tool, chatTemplate, toolSection, training } = recipe
  const section = toolSection.isFound ? toolSection.value : ''
  const template = chatTemplate.isFound ? ` --chat-template ${out}/${FILES.chatTemplate}` : ''
  const start = [
    `# codevision eval ${out}/${FILES.evaluation}${evaluation.suite === undefined ? ' --suite NAME' : ''}${evaluation.judge === undefined ? ' --judge MODEL' : ''}`,
    '# The official recipe, imported from a checkout; what it does not say is as this project has it. Sampling is not said there: greedy here.',
    ...(section === ''
      ? []
      : [
          `# ${FILES.systemPrompt}: its system prompt, and behind it what its chat template tells of the tool: the server needs no function calling.`,
        ]),
    `#   vllm serve MODEL --served-model-name ${'model' in (evaluation.policy ?? {}) ? (evaluation.policy as { model: string }).model : 'MODEL'}${template}`,
  ]
  return [
    ...text({ part: systemPrompt, name: FILES.systemPrompt, write: (value) => `${value}${section}` }),
    ...text({ part: tool, name: FILES.tool, write: (value) => `${JSON.stringify(value, null, 2)}\n` }),
    ...text({ part: chatTemplate, name: FILES.chatTemplate, write: (value) => value }),
    {
      name: FILES.evaluation,
      text: `${start.join('\n')}\n${stringify(evaluation, { lineWidth: 0 })}`,
      from: [recipe.evaluation, training].find(({ isFound }) => isFound)?.place ?? systemPrompt.place,
    },
    ...text({
      part: training,
      name: FILES.training,
      write: ({ overrides }) =>
        `# GRPO as the official recipe trains; under this project's names first, then every setting that its script passes on.\n${stringify(
          {
            ...scriptValues({ recipe, keys: RL_KEYS, of: 'training' }),
            rewardWeights: scriptValues({ recipe, keys: REWARD_KEYS, of: 'training' }),
            settings: Object.fromEntries(overrides),
          },
          { lineWidth: 0 },
        )}`,
    }),
    ...[...recipe.sft].flatMap(([family, part]) =>
      text({
        part,
        name: `sft-${family}.yaml`,
        write: (value) =>
          `# SFT as the official recipe trains, for LLaMA-Factory (llamafactory-cli train).\n${stringify(value, { lineWidth: 0 })}`,
      }),
    ),
  ]
}

function text<Value>({
  part,
  name,
  write,
}: {
  part: Part<Value>
  name: string
  write: (value: Value) => string
}): RecipeFile[] {
  return part.isFound ? [{ name, text: write(part.value), from: part.place }] : []
}
