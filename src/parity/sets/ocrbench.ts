import { scoreOcrbench } from '../../evaluation/scoring/ocrbench.js'
import type { BenchmarkProfile } from '../../core/scoring-profile.js'
import { pureParitySet } from '../parity-set.js'
import { field, pythonInput, valueOrError } from '../python-case.js'

export const ocrbench = pureParitySet({
  name: 'ocrbench',
  answer: (_, source) => {
    const input = pythonInput(source)
    const scored = (profile: BenchmarkProfile) =>
      valueOrError(() => {
        const score = scoreOcrbench({
          profile,
          prediction: field(input, 'prediction'),
          answers: field(input, 'answers'),
          datasetName: String(field(input, 'dataset_name')),
          category: String(field(input, 'category')),
        })
        return 'hit' in score ? { hit: score.hit } : score
      })
    return {
      official: scored('official'),
      vlmevalkit: scored('vlmevalkit'),
      lmms_eval: scored('lmms_eval'),
    }
  },
})
