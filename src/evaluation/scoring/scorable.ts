import { z } from 'zod'
import { DataError } from '../../core/errors.js'
import { isChoice, PROFILES_OF, type Scorer } from '../../core/scorer.js'
import type { ScoringProfile } from '../../core/scoring-profile.js'
import type { Asked } from './asked.js'
import { letterAt } from './letters.js'

const texts = z.array(z.string())
/** What the benchmarks' own rules read of a row's metadata. */
export const chartqaproMetadata = z.object({ answer: texts.min(1), question_type: z.string(), year: texts })

/** Why a row cannot be scored so: a sentence; null where it can. */
export function whyNotScorable({ profile, asked }: { profile: ScoringProfile; asked: Asked }): string | null {
  const { scorer = 'none' } = asked
  const refusal = whyNotProfile({ profile, scorer })
  if (refusal !== null) return refusal
  const missing = missingOf({ profile, scorer, asked })
  return missing.length === 0
    ? null
    : `Profile ${profile} of scorer ${scorer} reads ${missing.join(' and ')}: missing here, or not of that form.`
}

/** @throws DataError with that sentence. */
export function expectScorable({ profile, asked }: { profile: ScoringProfile; asked: Asked }): void {
  const why = whyNotScorable({ profile, asked })
  if (why !== null) throw new DataError(why)
}

function whyNotProfile({ profile, scorer }: { profile: ScoringProfile; scorer: Scorer }): string | null {
  const known = PROFILES_OF[scorer]
  if (known.includes(profile)) return null
  const whose =
    scorer === 'none'
      ? 'answers that belong to no benchmark (scorer none)'
      : `answers of the scorer ${scorer}`
  return `Scoring profile: expected ${known.join(', ')} for ${whose}, got ${profile}. See docs/scoring.md.`
}

function missingOf({
  profile,
  scorer,
  asked: { answers, options = [], category, metadata = {} },
}: {
  profile: ScoringProfile
  scorer: Scorer
  asked: Asked
}): string[] {
  if (isChoice(scorer)) {
    const letters = options.map((_, index) => letterAt(index))
    return [
      ...(options.length > 0 ? [] : ['`options` (their texts)']),
      ...(letters.includes(answers[0] ?? '') ? [] : ['`answers` (the letter of an option first)']),
    ]
  }
  if (profile === 'codevision' || profile === 'strict') return []
  if (scorer === 'ocrbench') {
    const isTold = category !== undefined || (profile !== 'vlmevalkit' && 'dataset_name' in metadata)
    return isTold ? [] : ['`category` (the type of question)']
  }
  const { success } = chartqaproMetadata.safeParse(metadata)
  return success ? [] : ['`metadata.answer`, `metadata.question_type` and `metadata.year` as published']
}
