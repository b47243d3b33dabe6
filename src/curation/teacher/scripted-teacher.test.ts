import { describe, expect, test } from '@jest/globals'
import { parseHermes } from '../../agent/hermes.js'
import { UsageError } from '../../core/errors.js'
import { textOf, type Message } from '../../core/message.js'
import type { CurationPlan } from '../plan/curation-plan.js'
import { movesOf } from './moves.js'
import { saysAnswer } from './says-answer.js'
import { createScriptedTeacher } from './scripted-teacher.js'
import { drawAnyPlan, drawPlan } from './testing/draw-plan.js'
import { playPlan } from './testing/play-plan.js'

const teach = (plan: CurationPlan) =>
  createScriptedTeacher({ planOf: (key) => (key === plan.taskKey ? plan : undefined) })
const written = (messages: readonly Message[]) =>
  messages.filter(({ role }) => role === 'assistant').map(textOf)
const PLANS = Array.from({ length: 400 }, (_, at) => drawAnyPlan({ seed: `teacher ${at}` }).plan)

describe('every trajectory', () => {
  test('thinks in each turn, makes one call a move, and ends with the answer of the plan', async () => {
    for (const plan of PLANS) {
      const turns = written(await playPlan({ plan, teacher: teach(plan) }))
      expect(turns).toHaveLength(movesOf(plan).length + 1)
      for (const [at, turn] of turns.entries()) {
        expect(turn).toMatch(/^<think>[A-Z"“][^<>]{12,}[.:?!”"]?<\/think>\n</)
        const { calls, dropped } = parseHermes(turn)
        expect(dropped).toBe(0)
        expect(calls).toHaveLength(at < turns.length - 1 ? 1 : 0)
      }
      expect(turns.at(-1)).toContain(`<answer>${plan.answer}</answer>`)
    }
  })

  test('holds no hole of a template, no doubled word, no space before a full stop, and a capital after each', async () => {
    for (const plan of PLANS) {
      for (const turn of written(await playPlan({ plan, teacher: teach(plan) }))) {
        const [thought = ''] = /<think>[^]*<\/think>/.exec(turn) ?? []
        expect(thought).not.toMatch(/[{}|$[\]]|\bundefined\b|\bnull\b/)
        expect(thought).not.toMatch(/ {2}| [.,;:?]|[.]{2}/)
        expect(thought).not.toMatch(/\b(\w{3,}) \1\b(?! the question)/)
        expect(thought).not.toMatch(/[a-z][.] [a-z]/)
      }
    }
  })

  test('does not state the answer before the last turn, nor speak of a plan', async () => {
    for (const plan of PLANS) {
      const turns = written(await playPlan({ plan, teacher: teach(plan) }))
      for (const turn of turns.slice(0, -1)) {
        const [thought = ''] = /<think>[^]*<\/think>/.exec(turn) ?? []
        expect(saysAnswer({ text: thought, plan })).toBe(false)
      }
      expect(turns.join(' ')).not.toMatch(/metadata|seed|provocation|corruption|canonical|the hint/i)
    }
  })

  test('keeps its code within what profile release takes', async () => {
    for (const plan of PLANS) {
      for (const code of codesOf(await playPlan({ plan, teacher: teach(plan) }))) {
        expect(code.length).toBeLessThanOrEqual(2_048)
        // What it does not have, and functions that would not see the code's own names.
        expect(code).not.toMatch(
          /\b(?:sorted|any|all|map|filter)\((?!Image)|\blambda\b|\bdef\b|\bfor\b[^\n]*[\])]$/m,
        )
      }
    }
  })
})

test('the same plan, conversation and epoch get the same reply; another epoch writes something else', async () => {
  let differ = 0
  for (const plan of PLANS.slice(0, 60)) {
    const [once, again, other] = await Promise.all(
      [0, 0, 1].map((epoch) => playPlan({ plan, teacher: teach(plan), epoch })),
    )
    expect(written(once ?? [])).toEqual(written(again ?? []))
    if (written(once ?? []).join() !== written(other ?? []).join()) differ++
  }
  expect(differ).toBeGreaterThan(57)
})

test('where the conversation tells no sizes, nothing is counted in pixels of the full image', async () => {
  for (let at = 0; at < 60; at++) {
    const { plan } = drawPlan({ seed: `untold ${at}`, type: 'multi-crop' })
    const messages = await playPlan({ plan, teacher: teach(plan), sizes: 'untold' })
    for (const code of codesOf(messages)) {
      if (code.includes('crop(')) expect(code).toMatch(/(?:round|int)\(/)
      expect(code).not.toMatch(/crop\(\(\d+, \d+/)
    }
    expect(written(messages).join(' ')).not.toMatch(/\d+ × \d+/)
  }
})

test('a call that fails against the plan is explained by what was told, tried again with other code, and given up after three', async () => {
  const { plan } = drawPlan({ seed: 'unlucky', type: 'single-tool', transform: 'rotate_90' })
  const messages = await playPlan({ plan, teacher: teach(plan), fail: 'RuntimeError: out of luck' })
  const turns = written(messages)
  expect(turns).toHaveLength(4)
  expect(new Set(codesOf(messages)).size).toBeGreaterThan(1)
  expect(turns[1]).toContain('"RuntimeError: out of luck"')
  expect(turns[3]).toContain('<answer>')
})

test('a task without a plan is refused', async () => {
  const { plan } = drawPlan({ seed: 'one', type: 'no-tool' })
  await expect(playPlan({ plan: { ...plan, taskKey: 'another' }, teacher: teach(plan) })).rejects.toThrow(
    UsageError,
  )
})

function codesOf(messages: readonly Message[]): string[] {
  return written(messages).flatMap((turn) =>
    parseHermes(turn).calls.map((call) => (JSON.parse(call.arguments) as { code: string }).code),
  )
}
