const WORDS = [
  'zero',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
]

/** A count as an answer, and its English word as another form of it. */
export function countAnswer(count: number): { answer: string; alternatives: string[] } {
  const word = WORDS[count]
  return { answer: String(count), alternatives: word === undefined ? [] : [word] }
}
