import { pythonUpper } from '../../core/python/case.js'
import { pythonStrip } from '../../core/python/text.js'
import { vstarLetter } from '../../evaluation/scoring/vstar-letter.js'
import { choiceCase } from '../choice-case.js'
import { pureParitySet } from '../parity-set.js'

export const vstar = pureParitySet({
  name: 'vstar',
  answer: (_, source) => {
    const { prediction, answer, vlmevalkit } = choiceCase(source)
    const letter = vstarLetter(prediction)
    return { vlmevalkit, lmms_eval: { letter, score: letter === pythonUpper(pythonStrip(answer)) ? 1 : 0 } }
  },
})
