import { recipeDifferences } from './recipe-differences.js'
import type { RecipeSetting, RecipeVariant } from './recipe-setting.js'

/** Every value of a recipe beside those of paper and release, as a table in Markdown; `*` stands before those that differ from the variant. */
export function valuesPage({
  settings,
  variant,
}: {
  settings: readonly RecipeSetting[]
  variant: RecipeVariant
}): string {
  const known = new Map(recipeDifferences({ settings, variant }).map((row) => [row.key, row]))
  const rows = settings.map(({ key: given, value }) => {
    const key = given.replace(/^\+/, '')
    const { isDifferent = false, paper = '', release = '', note = '' } = known.get(key) ?? {}
    return `| ${[isDifferent ? '*' : '', `\`${key}\``, String(value), paper, release, note].join(' | ')} |`
  })
  const [own, other] = variant === 'paper' ? ['paper', 'release'] : ['release', 'paper']
  return [
    `\`*\`: another value than the ${own}'s, or, where it says nothing, than the ${other}'s.`,
    '',
    '| | setting | here | paper | release | |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n')
}
