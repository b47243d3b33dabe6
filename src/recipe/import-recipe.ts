import { join, resolve } from 'node:path'
import { loadEvaluationConfig } from '../config/evaluation-config.js'
import { openOutputFolder } from '../store/output-folder.js'
import { evaluatedSuite } from './evaluated-suite.js'
import { evaluationOf, FILES } from './evaluation-of.js'
import { readRecipe } from './read-recipe.js'
import { recipeDifferences, type RecipeValue } from './recipe-differences.js'
import { recipeFiles } from './recipe-files.js'
import type { Part } from './recipe.js'

/** What an import found and wrote. */
export interface ImportedRecipe {
  /** In the order in which they were written; `from`: where it stands in the checkout. */
  written: readonly { path: string; from: string }[]
  missing: readonly { what: string; place: string; why: string }[]
  values: readonly RecipeValue[]
}

/**
 * Read a local checkout of the official recipe and write it as configurations of this project: prompt, tool description, chat template, and an evaluation that names them, checked by
 * loading it; besides, the values of its trainings.
 * @throws UsageError when nothing of the recipe is there; StoreError when the folder cannot be written
 */
export async function importRecipe({
  folder,
  out,
}: {
  folder: string
  out: string
}): Promise<ImportedRecipe> {
  const recipe = await readRecipe(folder)
  const evaluation = evaluationOf({ recipe, suite: await evaluatedSuite(recipe) })
  const files = recipeFiles({ recipe, evaluation, out })
  const target = await openOutputFolder(out, '--out')
  for (const { name, text } of files) await target.write(name, text)
  await loadEvaluationConfig({
    path: join(target.path, FILES.evaluation),
    overrides: {
      ...(evaluation.suite === undefined && { suite: 'mini' }),
      ...(evaluation.judge === undefined && { judge: 'none' as const }),
    },
  })
  const parts: [string, Part<unknown>][] = [
    ['system prompt', recipe.systemPrompt],
    ['tool description', recipe.tool],
    ['chat template', recipe.chatTemplate],
    ['tool in the prompt', recipe.toolSection],
    ['training script', recipe.training],
    ['evaluation script', recipe.evaluation],
    ['judge', recipe.judge],
    ...[...recipe.sft].map(([family, part]): [string, Part<unknown>] => [`SFT of ${family}`, part]),
  ]
  return {
    written: files.map(({ name, from }) => ({ path: join(resolve(out), name), from })),
    missing: parts.flatMap(([what, part]) =>
      part.isFound ? [] : [{ what, place: part.place, why: part.why }],
    ),
    values: recipeDifferences(recipe),
  }
}
