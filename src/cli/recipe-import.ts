import type { CommandModule } from 'yargs'
import type { ImportedRecipe } from '../recipe/import-recipe.js'
import { indented } from './indented.js'
import { EXIT } from './report-failure.js'

interface ImportArguments {
  dir: string
  out: string
}

export const recipeImportCommand: CommandModule<object, ImportArguments> = {
  command: 'import <dir>',
  describe: "Write the official recipe's prompt, tool, chat template and values as configurations",
  builder: (command) =>
    command
      .positional('dir', {
        type: 'string',
        demandOption: true,
        describe: 'Local checkout of ByteDance-BandAI/CodeVision (commit e098588)',
      })
      .option('out', { type: 'string', default: 'configs/recipe', describe: 'Folder to write to' })
      .example('$0 recipe import ../CodeVision', 'Then: codevision eval configs/recipe/eval.yaml'),
  handler: async ({ dir, out }) => {
    const { importRecipe } = await import('../recipe/import-recipe.js')
    const imported = await importRecipe({ folder: dir, out })
    for (const line of describe(imported)) console.log(line)
    process.exitCode = imported.missing.length === 0 ? EXIT.complete : EXIT.failed
  },
}

function describe({ written, missing, values }: ImportedRecipe): string[] {
  return [
    'Written',
    ...indented(written.map(({ path, from }) => [path, `from ${from}`])),
    ...(missing.length === 0
      ? []
      : ['', 'Missing', ...indented(missing.map(({ what, place, why }) => [what, place, why]))]),
    '',
    'Values (* another one here, or in the paper)',
    ...indented([
      ['', '', 'recipe', 'here', 'paper'],
      ...values.map(({ name, recipe, here, paper, isDifferent }) => [
        isDifferent ? '*' : '',
        name,
        recipe,
        here ?? '',
        paper ?? '',
      ]),
    ]),
    '',
    'The files hold texts of the recipe: they are under its licence, and git leaves them out.',
  ]
}
