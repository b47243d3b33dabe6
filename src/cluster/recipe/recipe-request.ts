import type { RecipePlace, RecipeVariant, VerlChoices } from './recipe-setting.js'
import type { VerlVersion } from './verl-settings.js'

/** Which recipe is to be written, and where. */
export type RecipeRequest = { variant: RecipeVariant; place: RecipePlace } & (
  { trainer: 'verl'; version: VerlVersion; choices: VerlChoices } | { trainer: 'trl' }
)
