import { packageDirectory } from '../../setup/package-paths.js'
import { writeFiles } from '../shards/write-files.js'
import type { RecipeRequest } from './recipe-request.js'
import type { Recipe } from './recipe.js'
import { trlRecipe } from './trl-recipe.js'
import { verlRecipe } from './verl-recipe.js'

/**
 * Write a recipe into `place.folder`; what lies there under its names is replaced.
 * @throws UsageError for GPUs that the training cannot be shared out among; StoreError where the folder cannot be made
 */
export async function writeRecipe(request: RecipeRequest): Promise<Recipe> {
  const packageFolder = packageDirectory()
  const recipe =
    request.trainer === 'verl'
      ? verlRecipe({ ...request, packageFolder })
      : trlRecipe({ ...request, packageFolder })
  await writeFiles({ folder: request.place.folder, files: recipe.files })
  return recipe
}
