import type { RecipeSetting } from './recipe-setting.js'

/** Files of a recipe by their names, and every value in it. */
export interface Recipe {
  files: Readonly<Record<string, string>>
  settings: readonly RecipeSetting[]
}
