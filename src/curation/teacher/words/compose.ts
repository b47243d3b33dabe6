import type { Random } from '../../../data/demo/random.js'
import type { Slots } from './expand.js'
import { paragraph, say } from './say.js'

/** How much somebody says, kept through a trajectory. */
export type Manner = 'terse' | 'plain' | 'careful'

export const MANNERS: readonly Manner[] = ['terse', 'plain', 'plain', 'careful']

/** Templates by the part that they play in a thought. */
export type Parts = Readonly<Record<string, readonly string[]>>

/** Orders of parts; a part that ends in `?` is left out half of the time. */
export type Orders = Readonly<Record<Manner, readonly (readonly string[])[]>>

/** Write a thought: parts in one of the orders of a manner, each in one of its forms. */
export function compose({
  orders,
  parts,
  manner,
  slots,
  random,
}: {
  orders: Orders
  parts: Parts
  manner: Manner
  slots: Slots
  random: Random
}): string {
  const order = random.pick(orders[manner])
  return paragraph(
    order.map((name) => {
      const isOptional = name.endsWith('?')
      if (isOptional && random.integer(0, 1) === 0) return ''
      return say({ templates: parts[isOptional ? name.slice(0, -1) : name] ?? [], slots, random })
    }),
  )
}
