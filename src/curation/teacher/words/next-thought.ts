import type { Random } from '../../../data/demo/random.js'
import type { PlannedOperation } from '../../plan/curation-plan.js'
import { isCrop, isOrientation } from '../provoke/mistake.js'
import { compose, type Manner, type Orders, type Parts } from './compose.js'
import type { Slots } from './expand.js'
import { DECISION, EXPECT_CLOSE, NOTE, REGION, SMALL } from './shared-parts.js'

const ORDERS: Orders = {
  terse: [
    ['seen', 'decide'],
    ['seen', 'need', 'decide'],
    ['seen', 'decide', 'expect'],
  ],
  plain: [
    ['seen', 'need', 'decide'],
    ['seen', 'need', 'decide', 'why'],
    ['seen', 'decide', 'why?', 'note?'],
    ['seen', 'need', 'decide', 'expect?'],
  ],
  careful: [
    ['seen', 'check', 'need', 'decide', 'why?', 'expect?'],
    ['seen', 'need', 'decide', 'why', 'note?', 'expect'],
    ['check', 'seen', 'need', 'decide', 'note?'],
    ['seen', 'check?', 'need', 'decide', 'why', 'note?', 'expect?'],
  ],
}

/** A window inside a window is always given its reason. */
const NARROWING_ORDERS: Orders = {
  terse: withNeed(ORDERS.terse),
  plain: withNeed(ORDERS.plain),
  careful: withNeed(ORDERS.careful),
}

function withNeed(orders: Orders[Manner]): Orders[Manner] {
  return orders.filter((order) => order.includes('need'))
}

const SEEN_UPRIGHT: readonly string[] = [
  '{Now|That worked:|Good:} {the text reads normally|everything is upright|the lines run from left to right} [in image $last].',
  'Image $last is {upright|the right way round}{ and can be read|}.',
  'The {letters|words|lines} {stand as they should|stand upright|are upright} now{ and nothing is mirrored|}.',
  '{With this|After this step} the {orientation|position} is right.',
  'The orientation is {settled|correct now|fixed}{ with image $last|}.',
  '{The turn was right|That was the right correction}{: words read from left to right|: headings can be read|}.',
]

const SEEN_CROP: readonly string[] = [
  'Image $last {shows|holds} the {right region|region that I wanted|surroundings of $short}.',
  '{The crop|This part} {is the right one|has the right part in it}{, and $target $is in it|}.',
  '{Good|Right|As hoped}: $target $is {inside|within} this {crop|part|window}.',
  '{Now I have|I have} the {neighbourhood|surroundings} of $target{ in front of me|}.',
  '{The first cut|This window} {contains|covers} what I {need|am after}.',
]

const SEEN_MENDED: readonly string[] = [
  'Image $last is {easier to read|cleaner|clearer} than before.',
  '{That helped|This is better}{: the letters stand out more|: the text is easier to make out|}.',
  'The {text|lettering} {stands out better|is easier to make out} now.',
]

const CHECK: readonly string[] = [
  'I {compare it with|look back at} what I had before{ and nothing is missing|: nothing was lost|}.',
  '{So far so good|That is as I expected|This agrees with what I expected}.',
  'I go over {it|the picture} once{ to be sure|}.',
]

const NARROW: readonly string[] = [
  '{It|The window} is still {wider|coarser} than {it needs to be|I need}: $short take$s up only part of it.',
  'There is {still a lot|much} around $short that I do not need.',
  'I {narrow|tighten} the window {once more|step by step|further} {to gain detail|so that $short become$s larger}.',
  '{Still|It is still} too {coarse|wide} {to be certain|to read $short safely}.',
  'From this rough cut I can {aim|place the next one} more {closely|precisely}.',
  '{Coarse first, then fine|From coarse to fine}: {a smaller window|the next window} inside this one {will|should} {do|show more}.',
]

const OTHER_IMAGE: readonly string[] = [
  'That {settles|covers} {the one image|what I need there}; {the other is still missing|$img is still to be seen}.',
  '{Now|Next} {comes $img|it is the turn of $img}.',
  'I {have one half|have that now}; {for the rest I need|what remains is} $img.',
]

const SPOILT_STILL: readonly string[] = [
  'It is {still hard|not yet easy} to {read|make out} $short.',
  '$Short {could|should} be {clearer|easier to read}.',
]

/** The thought between a call that went well and the next one. */
export function nextThought({
  made,
  operations,
  deeds,
  isSameImage,
  isNarrowing,
  manner,
  slots,
  random,
}: {
  /** What the last call did. */
  made: readonly PlannedOperation[]
  operations: readonly PlannedOperation[]
  deeds: string
  /** The next call is about the same image of the task. */
  isSameImage: boolean
  /** It cuts a window out of a window. */
  isNarrowing: boolean
  manner: Manner
  slots: Slots
  random: Random
}): string {
  const last = made.at(-1)
  const seen =
    last === undefined || isOrientation(last) ? SEEN_UPRIGHT : isCrop(last) ? SEEN_CROP : SEEN_MENDED
  const isCropping = operations.some(isCrop)
  const parts: Parts = {
    seen: isSameImage ? seen : [],
    check: CHECK,
    need: isSameImage ? (isNarrowing ? NARROW : isCropping ? SMALL : SPOILT_STILL) : OTHER_IMAGE,
    decide: DECISION.map((template) => template.replaceAll('$deeds', deeds)),
    why: isCropping ? REGION : [],
    note: NOTE,
    expect: EXPECT_CLOSE,
  }
  return compose({ orders: isNarrowing ? NARROWING_ORDERS : ORDERS, parts, manner, slots, random })
}
