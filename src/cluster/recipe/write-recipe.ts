import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { packageDirectory } from '../../setup/package-paths.js'
import { writeAtomic } from '../../store/write-atomic.js'
import type { RecipePlace, RecipeVariant } from './recipe-setting.js'
import type { Recipe } from './recipe.js'
import { trlRecipe } from './trl-recipe.js'
import { verlRecipe } from './verl-recipe.js'
import type { VerlVersion } from './verl-settings.js'

/** Write a recipe into `place.folder`; what lies there under its names is replaced. */
export async function writeRecipe({
  trainer,
  variant,
  version,
  place,
}: {
  trainer: 'verl' | 'trl'
  variant: RecipeVariant
  /** Of verl. */
  version: VerlVersion
  place: RecipePlace
}): Promise<Recipe> {
  const common = { variant, place, packageFolder: packageDirectory() }
  const recipe = trainer === 'verl' ? verlRecipe({ ...common, version }) : trlRecipe(common)
  await mkdir(place.folder, { recursive: true })
  for (const [name, data] of Object.entries(recipe.files))
    await writeAtomic({ path: join(place.folder, name), data })
  return recipe
}
