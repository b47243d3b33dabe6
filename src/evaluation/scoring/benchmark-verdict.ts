import { PythonError } from '../../core/python/error.js'
import type { Scorer } from '../../core/scorer.js'
import type { BenchmarkProfile } from '../../core/scoring-profile.js'
import type { Asked } from './asked.js'
import { scoreChartqapro } from './chartqapro.js'
import { optionsByLetter } from './letters.js'
import { scoreOcrbench } from './ocrbench.js'
import { inferOption } from './option-inference.js'
import { chartqaproMetadata } from './scorable.js'
import type { Verdict } from './verdict.js'
import { vstarLetter } from './vstar-letter.js'

/**
 * The profiles that reproduce others' code. What it raises on is wrong, by the rule `reference-error`.
 * @param parameters.asked has what the scorer reads: see expectScorable
 */
export function benchmarkVerdict(parameters: {
  profile: BenchmarkProfile
  answer: string
  asked: Asked
}): Verdict {
  try {
    return verdictOf(parameters)
  } catch (error) {
    if (error instanceof PythonError) return { kind: 'scored', value: 0, rule: 'reference-error' }
    throw error
  }
}

function verdictOf({
  profile,
  answer,
  asked: { scorer = 'none', answers, options = [], category = '', metadata = {} },
}: {
  profile: BenchmarkProfile
  answer: string
  asked: Asked
}): Verdict {
  switch (scorer) {
    case 'ocrbench': {
      const datasetName = metadata['dataset_name']
      const score = scoreOcrbench({
        profile,
        prediction: answer,
        answers: [...answers],
        datasetName: typeof datasetName === 'string' ? datasetName : null,
        category,
      })
      return 'hit' in score ? { kind: 'scored', value: score.hit, rule: score.rule } : { kind: 'undecided' }
    }
    case 'chartqapro': {
      const { answer: published, question_type: questionType, year } = chartqaproMetadata.parse(metadata)
      const score = scoreChartqapro({ profile, answer: published, questionType, year, prediction: answer })
      return { kind: 'scored', ...score }
    }
    case 'vstar':
    case 'hrbench':
    case 'multiple-choice':
      return choiceVerdict({ profile, answer, scorer, options, reference: answers[0] ?? '' })
    case 'none':
      throw new TypeError(`expected a scorer that has profile ${profile}, got none`)
  }
}

function choiceVerdict({
  profile,
  answer,
  scorer,
  options,
  reference,
}: {
  profile: BenchmarkProfile
  answer: string
  scorer: Scorer
  options: readonly string[]
  reference: string
}): Verdict {
  if (profile === 'official') throw new TypeError(`expected a profile of ${scorer}, got official`)
  const read = (): { letter: string; rule: string } | null => {
    if (profile !== 'lmms_eval' || scorer !== 'vstar')
      return inferOption({ profile, reply: answer, options: optionsByLetter(options) })
    const letter = vstarLetter(answer)
    return letter === null ? null : { letter, rule: 'pattern' }
  }
  const choice = read()
  if (choice === null) return { kind: 'unread' }
  return { kind: 'scored', value: choice.letter === reference ? 1 : 0, ...choice }
}
