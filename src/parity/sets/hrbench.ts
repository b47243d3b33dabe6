import { pythonLower } from '../../core/python/case.js'
import { pythonStrip } from '../../core/python/text.js'
import { inferOption } from '../../evaluation/scoring/option-inference.js'
import { choiceCase } from '../choice-case.js'
import { pureParitySet } from '../parity-set.js'

export const hrbench = pureParitySet({
  name: 'hrbench',
  answer: (_, source) => {
    const { prediction, options, answer, vlmevalkit } = choiceCase(source)
    const reply = pythonStrip(prediction)
    const inferred = inferOption({ profile: 'lmms_eval', reply, options })?.letter ?? null
    const isHit = inferred !== null && pythonLower(answer) === pythonLower(inferred)
    const hit = inferred === null ? null : isHit ? 1 : 0
    return { vlmevalkit, lmms_eval: { inferred, needs_judge: inferred === null, hit } }
  },
})
