import type { CommandModule } from 'yargs'
import { isLoopback } from '../cluster/recipe/launch-head.js'
import { recipeDifferences } from '../cluster/recipe/recipe-differences.js'
import type { RecipeRequest } from '../cluster/recipe/recipe-request.js'
import { RECIPE_OPTIONS, type RecipeArguments } from './cluster-recipe-options.js'
import { indented } from './indented.js'
import { isThinking, missingFolderOf, recipeRequestOf } from './recipe-request-of.js'

export const clusterRecipeCommand: CommandModule<object, RecipeArguments> = {
  command: 'recipe <trainer>',
  describe: "Write the paper's training as configuration of another trainer (docs/verl.md, docs/trl.md)",
  builder: (command) =>
    command
      .positional('trainer', {
        choices: ['verl', 'trl'] as const,
        demandOption: true,
        describe: 'The trainer',
      })
      .options(RECIPE_OPTIONS)
      .example(
        '$0 cluster recipe verl --model runs/sft-paper/checkpoints/step-000078/policy',
        'Tool, overrides, launch script',
      )
      .example('$0 cluster recipe trl --variant release', "With the values of the paper's release"),
  handler: async (given) => {
    const request = await recipeRequestOf(given)
    const { writeRecipe } = await import('../cluster/recipe/write-recipe.js')
    const { settings, files } = await writeRecipe(request)
    const { variant, place } = request
    const missing = given.model === undefined ? null : await missingFolderOf(given.model)
    if (missing !== null)
      console.error(
        `--model: expected the folder of a checkpoint, such as runs/NAME/checkpoints/step-000078/policy of codevision train, got ${missing}, which is not here. The recipe names it for a machine that has it.`,
      )
    console.log(`Written to ${place.folder}: ${Object.keys(files).join(', ')}`)
    for (const line of remarks(request, given)) console.log(line)
    const [own, other] = variant === 'paper' ? ['paper', 'release'] : ['release', 'paper']
    console.log(
      `Other than in the ${own}, or, where it says nothing, in the ${other} (*), or in need of a word; values.md has every value`,
    )
    const rows = recipeDifferences({ settings, variant })
      .filter(({ isDifferent, note }) => isDifferent || note !== '')
      .map(({ isDifferent, key, here, paper, release, note }) => [
        ...[isDifferent ? '*' : '', key, here, paper, release, note],
      ])
    for (const line of indented([['', '', 'here', 'paper', 'release', ''], ...rows])) console.log(line)
  },
}

/** What was taken without being asked for, and what cannot go well as it is. */
function remarks(request: RecipeRequest, given: RecipeArguments): string[] {
  const { nodes, url, model } = request.place
  const isTaken =
    given.opening === undefined && request.trainer === 'verl' && request.choices.opening !== null
  return [
    ...(isTaken
      ? [
          `Opening of each turn: ${request.choices.opening}, since the name of ${model} says Thinking (--opening TEXT for another, --opening '' for none)`,
        ]
      : []),
    ...(request.trainer === 'trl' && isThinking(model)
      ? [
          `TRL (to 1.16 at least) reads calls by chat templates that it knows, and those of thinking models are not among them: with ${model} the training does not start unless its tokenizer brings a \`response_template\` (docs/trl.md)`,
        ]
      : []),
    ...(nodes > 1 && isLoopback(url)
      ? [`Of the ${nodes} machines only the one of the service reaches ${url}: --url http://HOST:8000`]
      : []),
  ]
}
