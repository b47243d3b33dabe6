import { z } from 'zod'
import { paperComponents } from '../../reward/paper/components.js'
import { optionalToolStatistics } from '../../reward/paper/necessity.js'
import { isClose } from '../close.js'
import { pureParitySet } from '../parity-set.js'

const box = z.array(z.number())
const input = z.object({
  required: z.array(z.string()).nullable(),
  box: box.nullable(),
  params: z.object({
    beta1: z.number(),
    beta2: z.number(),
    format: z.number(),
    suggested: z.number(),
    exact: z.number(),
  }),
  rollouts: z.array(
    z.object({
      turns: z.array(z.object({ ok: z.boolean(), ops: z.array(z.string()), boxes: z.array(box) })),
      correct: z.boolean(),
      formatOk: z.boolean(),
    }),
  ),
})

export const rewardPaper = pureParitySet({
  name: 'reward_paper',
  answer: (given) => {
    const value = input.parse(given)
    const required = value.required ?? []
    const rollouts = value.rollouts.map(({ turns, ...rollout }) => ({
      ...rollout,
      calls: turns.map(({ ok, ops, boxes }) => ({ ok, transforms: ops, cropBoxes: boxes })),
    }))
    const { necessity } = optionalToolStatistics({ rollouts, required })
    const parameters = { weights: value.params, without: [], boxSignal: 'iou' as const }
    return {
      rollouts: rollouts.map((rollout) => {
        const all = paperComponents({ rollout, required, box: value.box, necessity, parameters })
        return Object.fromEntries(
          Object.entries(all).filter(([name]) => name !== 'r_acc' && name !== 'r_fmt'),
        )
      }),
    }
  },
  same: isClose,
})
