import type { RecipeSetting, RecipeVariant } from './recipe-setting.js'

/** A value of the recipe beside those of paper and release. */
export interface RecipeDifference {
  key: string
  here: string
  /** Empty where nothing is said. */
  paper: string
  release: string
  note: string
  /** Another value than that of the variant, or, where it says nothing, than that of the other. */
  isDifferent: boolean
}

/** Every value that paper or release say something of, or that needs a word. */
export function recipeDifferences({
  settings,
  variant,
}: {
  settings: readonly RecipeSetting[]
  /** Whose values the recipe is to have. */
  variant: RecipeVariant
}): RecipeDifference[] {
  return settings
    .filter(({ paper, release, note }) => paper !== undefined || release !== undefined || note !== undefined)
    .map(({ key, value, paper, release, note = '' }) => {
      const here = String(value)
      const meant = variant === 'paper' ? (paper ?? release) : (release ?? paper)
      return {
        key: key.replace(/^\+/, ''),
        here,
        paper: paper ?? '',
        release: release ?? '',
        note,
        isDifferent: meant !== undefined && meant !== here,
      }
    })
}
