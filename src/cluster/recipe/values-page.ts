import { recipeDifferences } from './recipe-differences.js'
import type { RecipeSetting } from './recipe-setting.js'

/** Every value of a recipe beside those of paper and release, as a table in Markdown; `*` stands before those that differ. */
export function valuesPage(settings: readonly RecipeSetting[]): string {
  const known = new Map(recipeDifferences(settings).map((row) => [row.key, row]))
  const rows = settings.map(({ key: given, value }) => {
    const key = given.replace(/^\+/, '')
    const { isDifferent = false, paper = '', release = '', note = '' } = known.get(key) ?? {}
    return `| ${[isDifferent ? '*' : '', `\`${key}\``, String(value), paper, release, note].join(' | ')} |`
  })
  return [
    '| | setting | here | paper | release | |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n')
}
