import { scoreChartqapro } from '../../evaluation/scoring/chartqapro.js'
import type { BenchmarkProfile } from '../../core/scoring-profile.js'
import { isClose } from '../close.js'
import { pureParitySet } from '../parity-set.js'
import { field, pythonInput, valueOrError } from '../python-case.js'

export const chartqapro = pureParitySet({
  name: 'chartqapro',
  answer: (_, source) => {
    const input = pythonInput(source)
    const scored = (profile: BenchmarkProfile) =>
      valueOrError(() => {
        const { value } = scoreChartqapro({
          profile,
          answer: field(input, 'answer'),
          questionType: field(input, 'question_type'),
          year: field(input, 'year'),
          prediction: field(input, 'prediction'),
        })
        return { score: value }
      })
    return {
      official: scored('official'),
      vlmevalkit: scored('vlmevalkit'),
      lmms_eval: scored('lmms_eval'),
    }
  },
  same: isClose,
})
