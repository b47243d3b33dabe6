import type { Random } from '../../../data/demo/random.js'
import type { PlannedOperation } from '../../plan/curation-plan.js'
import { isCrop, isOrientation } from '../provoke/mistake.js'
import type { Asked } from './asked.js'
import { compose, type Manner, type Orders, type Parts } from './compose.js'
import type { Slots } from './expand.js'
import { GOAL, GOAL_RECALLED } from './shared-parts.js'

const ORDERS: Orders = {
  terse: [
    ['seen', 'reading'],
    ['seen', 'reading', 'check'],
    ['seen', 'reading', 'enough?'],
    ['seen', 'reading', 'therefore?'],
  ],
  plain: [
    ['seen', 'reading', 'check?'],
    ['seen', 'reading', 'therefore'],
    ['seen', 'reading', 'check', 'therefore?'],
    ['seen', 'goal', 'reading', 'enough?'],
  ],
  careful: [
    ['seen', 'reading', 'check', 'therefore', 'enough?'],
    ['seen', 'goal?', 'reading', 'check', 'enough'],
    ['goal', 'seen', 'reading', 'check', 'therefore?'],
    ['seen', 'reading', 'check', 'enough?', 'therefore'],
  ],
}

const NO_TOOL_ORDERS: Orders = {
  terse: [
    ['fine', 'reading'],
    ['reading', 'fine'],
    ['fine', 'reading', 'check'],
    ['reading', 'check', 'unneeded'],
    ['fine', 'reading', 'therefore'],
  ],
  plain: [
    ['fine', 'goal', 'reading', 'unneeded'],
    ['goal', 'fine', 'reading', 'therefore?'],
    ['fine', 'unneeded', 'reading', 'check'],
    ['goal', 'reading', 'fine', 'unneeded?'],
    ['fine', 'reading', 'check', 'unneeded'],
  ],
  careful: [
    ['fine', 'goal', 'unneeded', 'reading', 'check', 'therefore'],
    ['goal', 'fine', 'unneeded?', 'reading', 'check', 'therefore?'],
    ['goal', 'fine', 'reading', 'check', 'unneeded', 'therefore?'],
  ],
}

const SEEN_CROP: readonly string[] = [
  '{Now|In image $last|In this crop} $short $is {legible|easy to read|large enough|clear}.',
  '{The crop|This crop|Image $last} {shows|brings out} $target {clearly|plainly|well enough}.',
  'At this size $target $is {clear|no problem any more|readable}.',
  '{This is close enough|Close enough}: I can {see|read} $short{ without guessing|}.',
  '{There $it $is|Here $it $is}: $target.',
]

const SEEN_UPRIGHT: readonly string[] = [
  '{Now|With image $last|After the correction} the text {reads normally|is upright and readable}.',
  'Image $last is {upright|the right way round}{, and $target can be read|}.',
  '{Upright|Set right}, {$target can be read|the text is easy to read}.',
  'The {orientation|position} is right now{ and the print is large enough|}.',
]

const SEEN_MENDED: readonly string[] = [
  '{That helped|Better}: $short can be {read|made out} now.',
  'Image $last is {clear enough|good enough} to {read|see} $target.',
  '{Now|With that} $target {can be made out|stand$s out enough}.',
]

const READING: Readonly<Record<Asked['kind'], readonly string[]>> = {
  count: [
    'I count $answer{ of them|}.',
    'Counting {row by row|one by one|them one after the other}{,|} I {get|arrive at|come to} $answer.',
    '{Going through them|From the first to the last} there are $answer.',
    '{One by one|Counted carefully}, that {makes|gives} $answer.',
    'There are $answer{ in all| in total|}.',
  ],
  read: [
    'It {says|reads} $answer.',
    '$Short {is|reads} $answer.',
    'I read $answer{ there|}.',
    'What {stands|is written} there is $answer.',
    '{There I find|I find} $answer.',
  ],
  sum: [
    'Both values {can be read|are there}, and {together they make|their sum is} $answer.',
    'Added {up|together}, {the two|both values} give $answer.',
    'I {add|add up} {the two|both} and {get|arrive at} $answer.',
    'The {sum|total} of {the two|both} is $answer.',
  ],
  compare: [
    'Comparing the two, {it is $answer that is asked for|the one asked for is $answer}.',
    'I {put|hold} the two values side by side: {the answer is|it has to be} $answer.',
    'Of {the two|both values} it is $answer.',
    'Both {can be read|are legible}, and $answer is the one.',
  ],
  choice: [
    'What I see {fits|matches|agrees with} $answer.',
    'Of the options{,|} only $answer {fits|agrees with the picture}.',
    'That {leaves|points to|speaks for} $answer.',
  ],
  look: [
    'From what I see{,|} the answer has to be $answer.',
    '{Looking at it|Seen like this}, I {say|answer} $answer.',
    'What the picture shows {leads|brings me} to $answer.',
    'I {take|judge} the answer to be $answer.',
  ],
  other: [
    'It {says|reads} $answer.',
    'I read $answer{ there|}.',
    'That {gives|is} $answer.',
    '{There I find|What I find is} $answer.',
    'The picture {says|shows} $answer.',
  ],
}

const CHECK: readonly string[] = [
  'I {went over it|checked it|looked} {twice|a second time} and {get the same|it stays the same}.',
  '{Going over it once more|A second reading|Reading it again} {changes nothing|gives the same}.',
  '{I am sure of it|I am certain|There is no doubt about it}.',
  'Nothing {of it |}is {doubtful|ambiguous|cut off}.',
]

/** What is checked where something was read. */
const CHECK_READING: readonly string[] = [
  'No {character|stroke} {of it |}is {doubtful|ambiguous|cut off}.',
  '{Every stroke|Each character} {is plain|can be told apart}, so I {am sure|trust it}.',
  'I {looked at|read} each character on its own{ to be sure|}.',
  'It {cannot be mistaken for anything else|leaves no room for another reading}.',
]

const THEREFORE: readonly string[] = [
  '{So|Therefore|That means} the answer is $answer.',
  'That {answers the question|is the answer|settles it}.',
  'My answer is $answer.',
  '{With that|So} the question is answered.',
]

const ENOUGH: readonly string[] = [
  '{No further {crop|look|step} is needed|Another {crop|look|step} is not needed}.',
  'I {need|want} nothing more.',
  'There is no need {to look closer|for another step}.',
]

const FINE: readonly string[] = [
  '$Imgs are upright, and {the text in them is large enough to be read|everything in them can be read}.',
  'Neither turned nor mirrored: $imgs can be read as they are.',
  '$Img is upright and {the text is large enough to be read|the print is large enough|everything in it can be read}.',
  '{The text|The lettering|Everything} {stands|is} the right way {up|round} and is {large|big} enough{ in this view|}.',
  'Nothing is turned or mirrored, and $short $is {easy to see|large enough|clearly legible}.',
  '{Upright, sharp and large|Upright and legible}: {I can read $img as it is|$img can be read as it is}.',
  'I can {read|see} $target {without any help|at once|just as $img is given}.',
  'The {letters|lines} are {level|upright} {and not mirrored|, nothing is reversed}, and $short $is {large enough|not too small}.',
]

const UNNEEDED: readonly string[] = [
  '{So no|No} {tool|code|call} is needed.',
  'I {do not need|need not use} {the tool|any code}{ for this|}.',
  '{Cropping or turning|Any processing|A crop} would {add nothing|not tell me more|bring nothing}.',
  'There is nothing to {correct|enlarge|turn or enlarge}, so I {answer|can answer} at once.',
  '{A call would be wasted|Running code would be a waste} here.',
]

const ANSWER_UNSEEN: readonly string[] = [
  'The {call|code} keeps failing, so I {go by|have to rely on} what I can see{ already|}.',
  'I {stop trying|leave it at that} and {answer from|go by} the {pictures|images} that I have.',
]

/** The thought before the answer. `made`: what the last call did; `none`: no call was needed; `failed`: the last ones failed. */
export function answerThought({
  made,
  kind,
  manner,
  slots,
  random,
}: {
  made: readonly PlannedOperation[] | 'none' | 'failed'
  kind: Asked['kind']
  manner: Manner
  slots: Slots
  random: Random
}): string {
  const last = typeof made === 'string' ? undefined : made.at(-1)
  const seen =
    made === 'failed'
      ? ANSWER_UNSEEN
      : last === undefined || isOrientation(last)
        ? SEEN_UPRIGHT
        : isCrop(last)
          ? SEEN_CROP
          : SEEN_MENDED
  const parts: Parts = {
    seen,
    goal: made === 'none' ? GOAL : GOAL_RECALLED,
    reading: READING[kind],
    check: kind === 'read' || kind === 'other' ? [...CHECK, ...CHECK_READING] : CHECK,
    therefore: THEREFORE,
    enough: ENOUGH,
    fine: FINE,
    unneeded: UNNEEDED,
  }
  return compose({ orders: made === 'none' ? NO_TOOL_ORDERS : ORDERS, parts, manner, slots, random })
}
