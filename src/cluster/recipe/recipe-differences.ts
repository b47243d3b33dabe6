import type { RecipeSetting } from './recipe-setting.js'

/** A value of the recipe beside those of paper and release. */
export interface RecipeDifference {
  key: string
  here: string
  /** Empty where nothing is said. */
  paper: string
  release: string
  note: string
  /** Another value than that of the paper, or, where it says nothing, of the release. */
  isDifferent: boolean
}

/** Every value that paper or release say something of, or that needs a word. */
export function recipeDifferences(settings: readonly RecipeSetting[]): RecipeDifference[] {
  return settings
    .filter(({ paper, release, note }) => paper !== undefined || release !== undefined || note !== undefined)
    .map(({ key, value, paper = '', release = '', note = '' }) => {
      const here = String(value)
      const differs = (other: string): boolean => other !== '' && other !== here
      return {
        key: key.replace(/^\+/, ''),
        here,
        paper,
        release,
        note,
        isDifferent: differs(paper) || differs(release),
      }
    })
}
