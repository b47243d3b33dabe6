/** Marks that may end a sentence, after NFKC; a percent sign is part of an answer. Begun only at a run's first mark, or long inner runs cost quadratic time. */
const FINAL_PUNCTUATION = /(?<![.,;:!?。、\s])[.,;:!?。、\s]+$/u

/**
 * Scoring profile `strict`: an answer is right if it equals an accepted one after NFKC, case folding, trimming and removal of final
 * punctuation. No numbers are read, no judge is asked.
 */
export function isStrictMatch({ answer, answers }: { answer: string; answers: readonly string[] }): boolean {
  const own = normalizeStrict(answer)
  return answers.some((accepted) => normalizeStrict(accepted) === own)
}

/** The form in which the profile `strict` compares answers. */
export function normalizeStrict(text: string): string {
  // Upper, then lower case stands for Unicode case folding: it unites ß with ss and the sigmas.
  const folded = text.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC').trim()
  // An answer of nothing but punctuation stays as it is, or all of them would be equal.
  return folded.replace(FINAL_PUNCTUATION, '') || folded
}
