/** What a question is after, in words that a thought can use. */
export interface Asked {
  kind: 'count' | 'read' | 'sum' | 'compare' | 'choice' | 'look' | 'other'
  /** What has to be seen: "the dots on the red card". */
  target: string
  /** The same, short: "the dots". */
  short: string
  isPlural: boolean
  /** The question as a clause: "how many dots are drawn on the red card"; null where it cannot be turned into one. */
  clause: string | null
}

const PARTICIPLE =
  '(?:printed|given|written|drawn|shown|displayed|listed|named|stated|painted|noted|found|visible|seen)'
const VERB = '(?:is|are|was|were|stands?|appears?|comes?|follows?|belongs?|has|have)'
/** What is seen and written nowhere: a colour, a place, a yes or no. */
const LOOK = /^(?:(?:What|Which) colou?rs?|Where|Is|Are|Was|Were|Has|Have|Does|Do|Can)\b/
const SHORT =
  /^the (?:[a-z]+ )*?[a-z]+(?= (?:of|that|which|in|on|for|at|to|from|with|by|next|beside|below|above|under|after|before|directly|right)\b|$)/
const LONGEST_CLAUSE = 150

/** Read a question in English; where it has no form that is known, the words are general. */
export function readQuestion(question: string): Asked {
  const first =
    question
      .replaceAll('<image>', '')
      .trim()
      .split(/(?<=\?)\s/)[0] ?? ''
  const asked = capital(first.replace(/\?.*$/s, '').trim())
  const clause = clauseOf(asked)
  if (hasOptions(question))
    return {
      kind: 'choice',
      target: 'the part that the question is about',
      short: 'the part in question',
      isPlural: false,
      clause: null,
    }
  return { ...targetOf({ asked, question }), clause }
}

function targetOf({ asked, question }: { asked: string; question: string }): Omit<Asked, 'clause'> {
  const sum = /\bsum\b|\btotal of both\b/i.test(question)
  const pair = /^(?:Is|Take) (the .+?) (?:larger|smaller|in the first image)/.exec(asked)?.[1]
  if (pair !== undefined) return one({ kind: sum ? 'sum' : 'compare', target: pair })
  const comparison = /^(?:Which|What) ([a-z ]+?) (?:is|are) (?:larger|smaller|higher|lower|greater)/.exec(
    asked,
  )?.[1]
  if (comparison !== undefined) return both({ kind: 'compare', noun: comparison })
  const summed = /^What is the sum of the ([a-z ]+?)s\b/.exec(asked)?.[1]
  if (summed !== undefined) return both({ kind: 'sum', noun: summed })
  const counted = new RegExp(
    `^How many ([a-z]+(?: [a-z]+)?) (?:are|were|is) (?:there |${PARTICIPLE} )?(.+)$`,
    's',
  ).exec(asked)
  if (counted?.[1] !== undefined && counted[1] !== 'times')
    return {
      kind: 'count',
      target: `the ${counted[1]} ${counted[2] ?? ''}`.trim(),
      short: `the ${counted[1]}`,
      isPlural: true,
    }
  const looked = new RegExp(
    `^(?:Which|What) ([a-z]+(?: [a-z]+)?) ${VERB} (?:${PARTICIPLE} )?((?:directly |right |immediately |just )?(?:at|on|in|for|next|beside|under|below|above|after|before|to|near) .+)$`,
    's',
  ).exec(asked)
  if (looked?.[1] !== undefined)
    return {
      kind: LOOK.test(asked) ? 'look' : 'read',
      target: `the ${looked[1]} ${looked[2] ?? ''}`,
      short: `the ${looked[1]}`,
      isPlural: false,
    }
  const followed = /^(?:Which|What) ([a-z]+) follows (.+)$/s.exec(asked)
  if (followed?.[1] !== undefined)
    return {
      kind: 'read',
      target: `the ${followed[1]} that follows ${followed[2] ?? ''}`,
      short: `the ${followed[1]}`,
      isPlural: false,
    }
  const named = /^What (?:is|was) (the .+)$/s.exec(asked)?.[1] ?? SAYS.exec(asked)?.[1]
  if (named !== undefined && named.length < LONGEST_CLAUSE)
    return one({ kind: /^the colou?rs? /.test(named) ? 'look' : 'other', target: named })
  const kind = /\bhow many\b/i.test(question) ? 'count' : LOOK.test(asked) ? 'look' : 'other'
  return { kind, ...placeNamedIn(question) }
}

const SAYS = /^What does (the .+) say$/s

/** Where no form is known: a line or a phrase that the question quotes. */
function placeNamedIn(question: string): Omit<Asked, 'clause' | 'kind'> {
  const line = /\bline (?:that begins with|beginning with|that reads) ("[^"]+")/.exec(question)
  if (line?.[1] !== undefined)
    return { target: `the line that begins with ${line[1]}`, short: 'the line', isPlural: false }
  const quoted = /(?<![\p{L}\p{N}])("[^"]+"|'[^']+'(?![\p{L}\p{N}]))/u.exec(question)?.[1]
  return quoted !== undefined && quoted.length < LONGEST_CLAUSE
    ? { target: `the text around ${quoted}`, short: 'the text in question', isPlural: false }
    : { target: 'the part that the question is about', short: 'the part in question', isPlural: false }
}

function one({ kind, target }: Pick<Asked, 'kind' | 'target'>): Omit<Asked, 'clause'> {
  // The noun phrase up to what tells it from others.
  const short = SHORT.exec(target)?.[0] ?? target
  return { kind, target, short, isPlural: false }
}

function both({ kind, noun }: { kind: Asked['kind']; noun: string }): Omit<Asked, 'clause'> {
  return {
    kind,
    target: `the two ${noun}s ${kind === 'sum' ? 'to add' : 'to compare'}`,
    short: `the two ${noun}s`,
    isPlural: true,
  }
}

/** The subject of "which" and "how many" questions comes first, so the order of words stays. */
function clauseOf(asked: string): string | null {
  if (asked.length > LONGEST_CLAUSE || asked.includes('\n')) return null
  if (/^How many .+ (?:are|were|is|stand|have|has) /.test(asked) && !/\b(?:does|do|did)\b/.test(asked))
    return lower(asked)
  const counted = /^How many (times|[a-z]+) does (the .+) (occur|have)( .+)?$/.exec(asked)
  if (counted !== null) {
    const [, unit = '', subject = '', verb = '', rest = ''] = counted
    return `how many ${unit} ${subject} ${verb === 'have' ? 'has' : 'occurs'}${rest}`
  }
  const says = SAYS.exec(asked)
  if (says !== null) return `what ${says[1] ?? ''} says`
  if (/^(?:Which|What) [a-z]+ follows /.test(asked)) return lower(asked)
  const which = new RegExp(`^(?:Which|What) [a-z]+(?: [a-z]+)? ${VERB} `)
  if (which.test(asked) && !/^What (?:is|are)\b/.test(asked)) return lower(asked)
  const what = /^What (is|was) (the .+)$/.exec(asked)
  return what?.[2] !== undefined && what[2].length < 90 ? `what ${what[2]} ${what[1] ?? 'is'}` : null
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function hasOptions(question: string): boolean {
  return /(?:^|\n)\s*\(?A[).:]\s/.test(question) && /(?:^|\n)\s*\(?B[).:]\s/.test(question)
}
