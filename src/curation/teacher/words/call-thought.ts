import { compose, type Orders, type Parts, type Manner } from './compose.js'
import type { Random } from '../../../data/demo/random.js'
import type { Orientation } from '../../../core/orientation.js'
import type { PlannedOperation } from '../../plan/curation-plan.js'
import { isCrop, isOrientation } from '../provoke/mistake.js'
import type { Slots } from './expand.js'
import { LOOKS } from './orientation-words.js'
import { DECISION, EXPECT_CLOSE, EXPECT_UPRIGHT, GOAL, NOTE, REGION, SMALL, SPOILT } from './shared-parts.js'

const ORDERS: Orders = {
  terse: [
    ['look', 'decide'],
    ['look', 'need?', 'decide'],
    ['goal', 'look', 'decide'],
    ['look', 'decide', 'expect'],
    ['look', 'decide', 'note?'],
    ['look', 'need', 'decide'],
  ],
  plain: [
    ['look', 'goal', 'need?', 'decide'],
    ['goal', 'look', 'decide', 'note?'],
    ['look', 'need', 'decide', 'expect?'],
    ['goal', 'look', 'need?', 'decide', 'why?'],
    ['look', 'decide', 'why', 'note?'],
    ['goal', 'need', 'look', 'decide'],
  ],
  careful: [
    ['look', 'goal', 'need', 'decide', 'why?', 'note?', 'expect?'],
    ['goal', 'look', 'need', 'doubt?', 'decide', 'why', 'expect'],
    ['look', 'doubt', 'goal', 'decide', 'note', 'expect?'],
    ['goal', 'need', 'look', 'decide', 'why?', 'note', 'expect?'],
    ['look', 'need', 'goal', 'doubt?', 'decide', 'expect'],
  ],
}

const TURNED_NEED: readonly string[] = [
  '{Like this|In this position} I {would misread it|could easily misread a digit or a letter|would be guessing}.',
  '{Before I read anything,|First of all} $img has to be {upright|set right}.',
  'I {do not want|prefer not} to read anything {that way|like this}.',
  'Reading it as it lies {invites mistakes|is asking for mistakes|would be error-prone}.',
  '$Img must be {set right|brought upright} before {anything else|the question can be answered}.',
]

const SPOILT_NEED: readonly string[] = [
  '{Like this|In this state} $short $is hard to {read|make out}.',
  'That makes it {hard|difficult} to read $short{ with any certainty|}.',
  'It should be {cleaned up|improved} before I {read anything|trust what I read}.',
]

/** First impression, check, and only then the decision. */
const DOUBT: readonly string[] = [
  '{Let me make sure.|Is that right?} {The letters decide it|I look at the letters again}: yes.',
  'I checked {this|that} on several words{ and it holds for all of them|, and all agree|}.',
  '{My first impression is confirmed|That first impression holds} when I look at {single letters|the longer words}.',
  'A second look {says the same|confirms it}.',
]

/** What is not yet known of an orientation, from somebody who will try a wrong one. */
const UNSURE_LOOK: readonly string[] = [
  'The text {in $img |}does not read {normally|as it should|in this position}.',
  '$Img is {not|clearly not} the way it should be.',
  'Something is wrong with the {orientation|way $img lies}.',
  'I cannot read {the text|the lettering} the way $img {lies|is}.',
  'The {words|lines} look {odd|strange} and {I am not sure at first how they lie|I cannot tell at once how they lie}.',
]

const UNSURE_DECISION: readonly string[] = [
  '{My first guess is|I would say I have} to $deeds.',
  'I {try to|will try to} $deeds{ and see|}.',
  '{At a glance|On first sight}{,|} it seems right to $deeds.',
  'It {looks as if|seems that} I {should|have to} $deeds.',
  'Perhaps it is enough to $deeds.',
  '{As a first attempt|To begin with}{,|} I $deeds.',
]

const UNSURE_PLACE: readonly string[] = [
  'I {think|believe|suppose} $target $is {there|in that area|in that part}.',
  '$Target {may|might|could} be {there|in that area}.',
  '{At a glance|From here}{,|} that is where $target seem$s to be.',
]

/** The thought before a call on an image that has not been worked on yet. */
export function callThought({
  orientation,
  corruption,
  operations,
  deeds,
  isUnsure,
  manner,
  slots,
  random,
}: {
  /** How the image lies that the call works on. */
  orientation: Orientation
  corruption: string | null
  operations: readonly PlannedOperation[]
  /** Template of what is done. */
  deeds: string
  /** What is decided will turn out wrong. */
  isUnsure: boolean
  manner: Manner
  slots: Slots
  random: Random
}): string {
  const isTurning = operations.some(isOrientation)
  const isCropping = operations.some(isCrop)
  const spoilt = corruption === null ? [] : (SPOILT[corruption] ?? [])
  const isMending = spoilt.length > 0 && operations.some((one) => !isCrop(one) && !isOrientation(one))
  const isSmallFirst = random.integer(0, 1) === 0
  const looks = isTurning
    ? isUnsure
      ? UNSURE_LOOK
      : LOOKS[orientation]
    : isMending
      ? spoilt
      : isUnsure
        ? []
        : isCropping
          ? isSmallFirst
            ? SMALL
            : LOOKS[orientation]
          : spoilt
  const needs = isTurning
    ? [...TURNED_NEED, ...(isCropping && !isUnsure ? SMALL : []), ...(isMending ? spoilt : [])]
    : isMending
      ? [...SPOILT_NEED, ...(isCropping ? SMALL : [])]
      : isCropping
        ? isSmallFirst && !isUnsure
          ? []
          : SMALL
        : SPOILT_NEED
  const parts: Parts = {
    look: looks,
    goal: GOAL,
    need: needs,
    decide: (isUnsure ? UNSURE_DECISION : DECISION).map((template) => template.replaceAll('$deeds', deeds)),
    why: isUnsure ? (isTurning ? [] : UNSURE_PLACE) : isCropping ? REGION : [],
    doubt: isTurning && !isUnsure ? DOUBT : [],
    note: NOTE,
    expect: isCropping ? EXPECT_CLOSE : isTurning ? EXPECT_UPRIGHT : EXPECT_CLOSE,
  }
  return compose({ orders: ORDERS, parts, manner, slots, random })
}
