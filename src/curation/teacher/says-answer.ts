import type { CurationPlan } from '../plan/curation-plan.js'

/** Whether a text states the answer of a plan, other than by repeating the question. Single letters are left aside: "A" is a word. */
export function saysAnswer({
  text,
  plan: { answer, question },
}: {
  text: string
  plan: Pick<CurationPlan, 'answer' | 'question'>
}): boolean {
  const told = answer.trim().toLowerCase()
  if (told === '' || /^[a-z]$/.test(told)) return false
  const escaped = told.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const stated = new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'u')
  return stated.test(text.toLowerCase()) && !stated.test(question.toLowerCase())
}
