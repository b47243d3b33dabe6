import { TOOL_NAME } from '../../agent/tool-description.js'
import type { CodeCall } from '../../core/code-call.js'
import type { Box, Transform } from '../../core/transform.js'

/** A transformation, other than none. */
export type Turning = Exclude<Transform, 'none'>

/** System prompt of a model that may call the tool, and of one that answers without. */
export const TOOLS_PROMPT = 'Look closer by writing Python.'
export const DIRECT_PROMPT = 'Answer at once.'

/** What is said of a picture to which a transformation was applied (rotations counter-clockwise), and what will be done about it. */
export const LOOKS: Readonly<Record<Transform, string>> = {
  none: 'The picture is upright',
  rotate_90: 'The top is on the left, I turn it',
  rotate_180: 'The picture is upside down, I turn it',
  rotate_270: 'The top is on the right, I turn it',
  flip_horizontal: 'The picture is mirrored, I mirror it',
  flip_vertical: 'The picture is flipped, I flip it',
}

/** What follows "result = " to apply a transformation to an image. */
export const TURN_CODE: Readonly<Record<Turning, (image: string) => string>> = {
  rotate_90: (image) => `${image}.rotate(90, expand=True)`,
  rotate_180: (image) => `${image}.rotate(180, expand=True)`,
  rotate_270: (image) => `${image}.rotate(270, expand=True)`,
  flip_horizontal: (image) => `ImageOps.mirror(${image})`,
  flip_vertical: (image) => `ImageOps.flip(${image})`,
}

export const TURN_DESCRIPTIONS: Readonly<Record<Turning, string>> = {
  rotate_90: 'turn it',
  rotate_180: 'turn it',
  rotate_270: 'turn it',
  flip_horizontal: 'mirror it',
  flip_vertical: 'flip it',
}

export const ZOOM_DESCRIPTION = 'zoom in'

/** Questions of the base stage. */
export const QUESTIONS = {
  colours: 'Which colours are in the cells?',
  boxes: 'Where are the cards?',
  places: (colour: string) => `Where is the ${colour} card?`,
  sheet: 'Which digits are there?',
  digits: 'Which number is this?',
  numbers: 'Which numbers are there?',
  orientation: 'Which way is up?',
} as const

/** A box as it is written in thoughts and code. */
export function boxText(box: Box): string {
  return `(${box.join(', ')})`
}

/** The name of a thing, directly before its place: a token between them, be it a space, keeps the place from being learned for long, and a bracket that has its space with it keeps code from copying the place. */
export function placedText({ colour, box }: { colour: string; box: Box }): string {
  return `${colour}${boxText(box)}`
}

/** What stands on a card; the number behind its name, as in a list of numbers. */
export function readText({ colour, number }: { colour: string; number: string }): string {
  return `I read ${colour} ${number}.`
}

/** A turn that calls the tool, in Hermes format. */
export function callTurn({ thought, call }: { thought: string; call: Required<CodeCall> }): string {
  const { code, description, imageIndex } = call
  const given = `{"code": ${JSON.stringify(code)}, "description": ${JSON.stringify(description)}, "image_index": ${imageIndex}}`
  return `<think>${thought}</think>\n<tool_call>{"name": "${TOOL_NAME}", "arguments": ${given}}</tool_call>`
}

/** A turn that answers; without a thought where that is null. */
export function answerTurn({ thought, answer }: { thought: string | null; answer: string }): string {
  return `${thought === null ? '' : `<think>${thought}</think>\n`}<answer>${answer}</answer>`
}
