import type { Transform } from '../../core/transform.js'
import { createRandom } from '../demo/random.js'
import type { MiniWorldConfig } from './mini-world-config.js'
import { stratified } from './stratified.js'
import type { Corruption, Family, Kind, Style } from './vocabulary.js'

/** What row `index` is, before anything is drawn. */
export interface RowPlan {
  index: number
  family: Family
  style: Style
  kind: Kind
  transform: Transform
  /** Of the first picture. */
  corruption: Corruption | null
  /** Of the second picture, chosen independently; null where there is none. */
  secondCorruption: Corruption | null
  /** Two pictures are to be compared or added up. */
  isPair: boolean
}

/** Plan one row: each choice comes equally often and independently of the others. */
export function planRow({ config, index }: { config: MiniWorldConfig; index: number }): RowPlan {
  const { seed } = config
  const choose = <T>(name: string, values: readonly T[]): T =>
    stratified({ values, index, seed: `${seed}/${name}` })
  const random = createRandom({ seed: `${seed}/plan/${index}` })
  const happens = (share: number): boolean => random.integer(1, 10_000) <= share * 10_000
  const kind = choose('kind', config.kinds)
  const isPair = happens(config.pairs) && (kind === 'compare' || kind === 'sum')
  const spoils = (): Corruption | null =>
    happens(config.corrupted) && config.corruptions.length > 0 ? random.pick(config.corruptions) : null
  return {
    index,
    family: choose('family', config.families),
    style: choose('style', config.styles),
    kind,
    transform: choose('transform', config.transforms),
    corruption: spoils(),
    secondCorruption: isPair ? spoils() : null,
    isPair,
  }
}
