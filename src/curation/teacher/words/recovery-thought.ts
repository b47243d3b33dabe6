import type { Random } from '../../../data/demo/random.js'
import { compose, type Manner, type Orders, type Parts } from './compose.js'
import type { Slots } from './expand.js'
import { NOTE } from './shared-parts.js'

const FAILED_ORDERS: Orders = {
  terse: [
    ['quote', 'cause', 'decide'],
    ['quote', 'because', 'remedy'],
    ['quote', 'remedy'],
  ],
  plain: [
    ['quote', 'cause', 'remedy', 'decide'],
    ['quote', 'because', 'remedy', 'stay?'],
    ['quote', 'because', 'stay?', 'decide'],
    ['quote', 'cause', 'decide', 'note?'],
  ],
  careful: [
    ['quote', 'think', 'cause', 'stay?', 'remedy', 'decide'],
    ['quote', 'because', 'stay', 'remedy', 'decide', 'note?'],
    ['quote', 'think?', 'cause', 'remedy', 'note?', 'decide'],
  ],
}

/** The words of the tool message are quoted as they came. */
const QUOTE: readonly string[] = [
  'The call failed: "$error".',
  'The {error|message|tool message} {says|reads|is}: "$error".',
  'I get {an error|this back}: "$error".',
  'That did not work. {The tool answers|The message is}: "$error".',
  'It {stopped|ended} with "$error".',
  '{No picture, but|Instead of a picture I get} "$error".',
  '"$error", {so the code did not go through|says the tool}.',
]

const CAUSE: readonly string[] = [
  '$Cause.',
  '{The reason is clear|My mistake|That is my own slip|I see why|The cause is easy to find}: $cause.',
  '{Looking at my call|Reading it again}, {I find the reason|it is plain}: $cause.',
]

const BECAUSE: readonly string[] = [
  'It failed because $cause.',
  '{That happened|That comes about|This is} because $cause.',
]

const THINK: readonly string[] = [
  '{The idea was right, the code was not|The plan is sound, only the code was wrong|Nothing is wrong with the plan itself}.',
  'I {read my call again|go through what I wrote|look at the call once more}.',
]

const REMEDY: readonly string[] = [
  'This time I {will |}$remedy.',
  'I {will|have to|need to|should} $remedy.',
  'The {fix|remedy|correction} is to $remedy.',
  '{Simple enough|Easily mended}: $remedy.',
]

const STAY: readonly string[] = [
  'No image was added, so {I still work on|the input is still|I stay with} image $index.',
  'The {images are|list of images is} {as before|unchanged}, and I {use|take} image $index again.',
  'I {start|begin} again from image $index.',
]

const AGAIN: readonly string[] = [
  'The goal {stays|is still} the same: $deeds.',
  'I {still|again} want to $deeds{, this time correctly|}.',
  'So once more: $deeds.',
  'I {repeat the step|try again} and $deeds.',
  '{With that corrected|Corrected}, I $deeds.',
]

/** The thought after a call that failed. */
export function failedThought({
  deeds,
  manner,
  slots,
  random,
}: {
  deeds: string
  manner: Manner
  /** `error` as the tool message has it; `cause` and `remedy`, or null where the author does not know them. */
  slots: Slots
  random: Random
}): string {
  const parts: Parts = {
    quote: QUOTE,
    cause: CAUSE,
    because: BECAUSE,
    think: THINK,
    remedy: REMEDY,
    stay: STAY,
    decide: AGAIN.map((template) => template.replaceAll('$deeds', deeds)),
    note: NOTE,
  }
  return compose({ orders: FAILED_ORDERS, parts, manner, slots, random })
}

const WRONG_ORDERS: Orders = {
  terse: [
    ['wrong', 'back'],
    ['verdict', 'wrong', 'back'],
  ],
  plain: [
    ['verdict?', 'wrong', 'learn?', 'back'],
    ['wrong', 'verdict', 'back', 'note?'],
    ['wrong', 'learn', 'back'],
  ],
  careful: [
    ['verdict?', 'wrong', 'learn', 'back', 'note?'],
    ['wrong', 'verdict', 'learn', 'back'],
    ['look', 'wrong', 'learn?', 'back', 'note?'],
  ],
}

const VERDICT: readonly string[] = [
  'That was {wrong|not it|the wrong move|a mistake}.',
  '{The code ran, but|No error, but} the {picture|result} is {not what I wanted|not right}.',
  'This {did not help|is not what I was after}.',
]

const LOOK: readonly string[] = [
  'I look at image $last {carefully|before I go on|first}.',
  '{Let me see|Checking} what came {out|back}.',
]

const WRONG: Readonly<Record<'orientation' | 'region' | 'photometric', readonly string[]>> = {
  orientation: [
    '{Now|In image $last} {the text|everything} is {even less readable|no better}: it is $state.',
    'Image $last is $state, {so that was the wrong correction|not upright}.',
    'The {text|lettering} is $state now.',
    '{After this|Now} it is $state{, and I cannot read it|}.',
  ],
  region: [
    '$Target $is not in this {picture|crop|region}.',
    'This is the wrong {place|region|spot}: {I do not find $target here|it shows something else}.',
    'Image $last shows something else, {and not|not} $target.',
    'The {window|box} {missed|went past} $target.',
  ],
  photometric: [
    '{Now it|Image $last} is $effect.',
    'It {became|has become} $effect.',
    'The {text|picture} is $effect.',
  ],
}

const LEARN: Readonly<Record<'orientation' | 'region' | 'photometric', readonly string[]>> = {
  orientation: [
    'From this I can tell how {it lay at first|the original lies}: it was $origin.',
    '{So the original was|That tells me that the original is} $origin.',
    'I {should have looked|ought to have looked} at {the heads of the letters|single letters} {first|more closely}: the original is $origin.',
  ],
  region: [
    'I {look|looked} again at the whole: {the right place is|it must be} elsewhere.',
    'Comparing {with|this with} image $index, I {see where it went wrong|find that I aimed at the wrong spot}.',
  ],
  photometric: [
    'It takes {the opposite|something else}.',
    'The {tool|filter} was the wrong one for {this|that kind of damage}.',
  ],
}

const BACK: readonly string[] = [
  'I go back to image $index and $deeds.',
  '{Back to|Starting again from} image $index{,|: from there} I $deeds.',
  'I {drop this result|leave image $last aside|discard that}, take image $index and $deeds.',
  '{From image $index|With image $index as the input}{,|} I $deeds.',
]

const UNDO: readonly string[] = [
  'From here I only have to $deeds.',
  '{Instead of starting over|I need not go back}{:|,} {from image $last|from here} I $deeds.',
  'To {repair that|put that right|make up for that}, I $deeds{ in image $last|}.',
  '{This can be mended|It can be corrected} from here: $deeds.',
]

/** The thought after a call that ran and did the wrong thing. */
export function wrongThought({
  kind,
  isUndone,
  isUnsure,
  deeds,
  state,
  origin,
  manner,
  slots,
  random,
}: {
  kind: 'orientation' | 'region' | 'photometric'
  /** The next call works on the wrong result; else on what that was made of. */
  isUndone: boolean
  /** The next call will turn out wrong too. */
  isUnsure: boolean
  deeds: string
  /** Templates of how the result and what it was made of lie. */
  state: string
  origin: string
  manner: Manner
  slots: Slots
  random: Random
}): string {
  const filled = (templates: readonly string[]): string[] =>
    templates.map((template) =>
      template.replaceAll('$state', state).replaceAll('$origin', origin).replaceAll('$deeds', deeds),
    )
  const parts: Parts = {
    verdict: VERDICT,
    look: LOOK,
    wrong: filled(WRONG[kind]),
    learn: isUnsure ? [] : filled(LEARN[kind]),
    back: filled(isUndone ? UNDO : BACK),
    note: NOTE,
  }
  return compose({ orders: WRONG_ORDERS, parts, manner, slots, random })
}
