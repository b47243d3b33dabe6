import { OUTCOMES } from '../../core/sample.js'
import { aligned } from '../table/aligned.js'
import { describeHead } from '../table/describe-head.js'
import type { ComponentMeans, RewardSummary } from './summarize-rewards.js'

/** A summary of rewards as text for the terminal: a line a component with its mean over all rollouts and by outcome. */
export function renderRewardTable(summary: RewardSummary): string {
  const { head, reward, groups, overall, byOutcome } = summary
  const columns: [string, ComponentMeans][] = [
    ['all', overall],
    ...OUTCOMES.flatMap((outcome): [string, ComponentMeans][] => {
      const means = byOutcome[outcome]
      return means === undefined ? [] : [[outcome, means]]
    }),
  ]
  const rows = Object.keys(overall.means).map((name) => [
    name,
    ...columns.map(([, { means }]) => number(means[name])),
  ])
  const without = reward.without.length > 0 ? ` · without ${reward.without.join(', ')}` : ''
  return [
    `${describeHead(head)} · reward ${reward.variant} · analysis ${reward.analysis}${without}`,
    '',
    ...aligned([
      ['mean of', ...columns.map(([name]) => name)],
      ...rows,
      ['rollouts', ...columns.map(([, { n }]) => String(n))],
    ]),
    '',
    `${plural(groups.n, 'group')}, ${groups.degenerate} degenerate (every total equal)${groups.single > 0 ? `, ${groups.single} of one rollout` : ''}.`,
    ...notes(summary),
  ].join('\n')
}

function notes({ head, overall, excluded, unreadTexts }: RewardSummary): string[] {
  const failures = OUTCOMES.flatMap((outcome) => {
    const count = excluded[outcome]
    return count === undefined ? [] : [`${count} ${outcome}`]
  })
  const { unusable = 0 } = excluded
  const missing = head.planned - overall.n - Object.values(excluded).reduce((sum, count) => sum + count, 0)
  const unread = Object.entries(unreadTexts).map(([kind, count]) => `${count} ${kind}`)
  return [
    ...(failures.length > 0 ? [`Without a reward, since the machine failed: ${failures.join(', ')}.`] : []),
    ...(unusable > 0
      ? [`${unusable} of ${head.planned} samples have images that cannot be used, and no reward.`]
      : []),
    ...(missing > 0 ? [`${missing} of ${head.planned} samples were not run.`] : []),
    ...(unread.length > 0
      ? [`Calls whose text could not be read, so that they count as doing nothing: ${unread.join(', ')}.`]
      : []),
  ]
}

function number(value: number | undefined): string {
  return value === undefined ? '–' : value.toFixed(3)
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
