import { aligned } from '../../evaluation/table/aligned.js'
import { CURATION_TYPES } from '../../core/curation.js'
import { TRANSFORMS } from '../../core/transform.js'
import type { CurationSummary, Distribution } from './summary.js'

const SHORT = ['Source', 'Rot90', 'Rot180', 'Rot270', 'Hori', 'Verti'] as const

/** A curated set for the terminal: kept trajectories by type and transformation, lengths, and why others were dropped. */
export function renderCuration(summary: CurationSummary): string {
  const { planned, decided, kept, corrected, failed, unusable, byType, byTypeAndTransform, teacher } = summary
  const types = CURATION_TYPES.filter((type) => byType[type] !== undefined)
  const rows = types.map((type) => [
    type,
    `${byType[type]?.kept}/${byType[type]?.decided}`,
    ...TRANSFORMS.map((name) => String(byTypeAndTransform[type]?.[name] ?? '')),
    shortMean(byType[type]?.turns ?? null),
    percent(summary.skeletons.largestByType[type] ?? null),
  ])
  const all = [
    'all',
    `${kept}/${decided}`,
    ...TRANSFORMS.map((name) => String(summary.byTransform[name] ?? '')),
    shortMean(summary.turns),
    percent(summary.skeletons.largestShare),
  ]
  const head = ['Kept', 'of', ...SHORT, 'turns', 'skeleton']
  const undone = [
    failed === 0 ? null : `${failed} failed (tried again by --resume)`,
    unusable === 0 ? null : `${unusable} with an image that cannot be used`,
    planned - decided - failed - unusable === 0
      ? null
      : `${planned - decided - failed - unusable} not made yet`,
  ].filter((part) => part !== null)
  return [
    `Teacher ${teacher.name} (${teacher.model}), seed ${summary.seed}: ${kept} of ${planned} kept (${percent(decided === 0 ? null : kept / decided)} of those decided), ${corrected} of them corrected`,
    ...(undone.length > 0 ? [undone.join(', ')] : []),
    '',
    ...aligned([head, ...rows, all]),
    '',
    `Lengths: ${lengths(summary)}`,
    `Skeletons: ${summary.skeletons.different} different of ${kept}; the column shows the largest share of one`,
    ...counted('Provoked', summary.byProvocation),
    ...counted('Tools', summary.tools),
    ...counted('Dropped', summary.dropped),
    ...counted('Attempts given up, then kept', summary.rejectedAttempts),
  ].join('\n')
}

function lengths({ turns, characters, completionTokens, textTokens, visualTokens }: CurationSummary): string {
  return [
    range('turns', turns),
    range('characters', characters),
    ...(completionTokens !== null && completionTokens.total > 0
      ? [range('tokens written', completionTokens)]
      : []),
    ...(textTokens === null
      ? []
      : [range('tokens to learn', textTokens.written), range('tokens of text', textTokens.conversation)]),
    range('visual tokens', visualTokens),
  ].join(' · ')
}

function range(name: string, numbers: Distribution | null): string {
  if (numbers === null) return `no ${name}`
  const round = (value: number): string => Math.round(value).toLocaleString('en-US')
  return `${name} ${round(numbers.median)} (${round(numbers.least)}–${round(numbers.most)})`
}

function counted(name: string, counts: Readonly<Record<string, number>>): string[] {
  const entries = Object.entries(counts)
  if (entries.length === 0) return []
  return [`${name}: ${entries.map(([key, count]) => `${key} ${count}`).join(' · ')}`]
}

function shortMean(numbers: Distribution | null): string {
  return numbers === null ? '' : numbers.mean.toFixed(1)
}

function percent(share: number | null): string {
  return share === null ? '' : `${(share * 100).toFixed(1)} %`
}
