import { describe, expect, test } from '@jest/globals'
import { CURATION_TYPES, PROVOCATIONS } from '../../core/curation.js'
import type { Message } from '../../core/message.js'
import { createScriptedTeacher } from './scripted-teacher.js'
import { skeletonOf } from './skeleton-of.js'
import { drawPlan } from './testing/draw-plan.js'
import { playPlan } from './testing/play-plan.js'

const say = (role: Message['role'], text: string): Message => ({ role, content: [{ type: 'text', text }] })
const trajectory = (question: string, thought: string): Message[] => [
  say('user', question),
  say('assistant', `<think>${thought}</think><answer>no part of it 1</answer>`),
]

describe('a skeleton', () => {
  test('masks numbers, quotations, names, codes and the words of the question', () => {
    const first = trajectory(
      "Which number stands next to 'Marlow'?",
      'I need the number next to \'Marlow\', 30 × 40 pixels. It says "KT-40-QX", as Brenner and R2D2 do. I am sure.',
    )
    const second = trajectory(
      'Which amount is printed at the foot of the bill?',
      'I need the amount at the foot of the bill, 7 × 8 pixels. It says "x y", as Oslo and B4-11 do. I am sure.',
    )
    expect(skeletonOf(second)).toContain(
      'i need the amount §, # pixels. it says «», as # and # do. i am sure.',
    )
    expect(skeletonOf(first)).toContain('pixels. it says «», as # and # do. i am sure.')
    expect(skeletonOf(first)).not.toMatch(/\d|marlow|kt|brenner|no part/)
  })

  test('tells different reasoning apart', () => {
    const question = 'Which number is it?'
    expect(skeletonOf(trajectory(question, 'The text lies on its side.'))).not.toBe(
      skeletonOf(trajectory(question, 'The text is upside down.')),
    )
  })
})

describe('the scripted teacher', () => {
  test.each(CURATION_TYPES)(
    'says the same in no more than 1 in 100 of 1,000 trajectories of type %s about one question',
    async (type) => {
      const shared = drawPlan({ seed: 'question', type: 'single-tool' }).plan
      const plans = Array.from({ length: 1_000 }, (_, at) => {
        const provocation =
          type === 'error-handling' ? (PROVOCATIONS[at % PROVOCATIONS.length] ?? null) : null
        const { plan } = drawPlan({ seed: `skeleton ${at}`, type, provocation })
        // The same question and answer: nothing may differ by what is asked.
        return { ...plan, question: shared.question, answer: shared.answer }
      })
      const byKey = new Map(plans.map((plan) => [plan.taskKey, plan]))
      const teacher = createScriptedTeacher({ planOf: (key) => byKey.get(key) })
      const counts = new Map<string, number>()
      for (const plan of plans) {
        const skeleton = skeletonOf(await playPlan({ plan, teacher }))
        counts.set(skeleton, (counts.get(skeleton) ?? 0) + 1)
      }
      expect(Math.max(...counts.values())).toBeLessThanOrEqual(10)
      expect(counts.size).toBeGreaterThan(900)
    },
  )
})
