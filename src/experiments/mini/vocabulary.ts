import { BOARD_GRID, BOARD_SIDE } from '../../data/card-board/board-layout.js'
import { CARD_COLOUR_NAMES } from '../../data/card-board/plan-board.js'
import { TRANSFORMS } from '../../core/transform.js'
import { MISSING_NAME, RECOVERIES } from './mistakes.js'
import {
  DIRECT_PROMPT,
  LOOKS,
  QUESTIONS,
  TOOLS_PROMPT,
  TURN_DESCRIPTIONS,
  ZOOM_DESCRIPTION,
} from './phrases.js'

/** Tokens that steer; they have the meaning that they have in Qwen's models. */
export const SPECIAL_TOKENS = [
  '<|endoftext|>',
  '<|im_start|>',
  '<|im_end|>',
  '<|vision_start|>',
  '<|vision_end|>',
  '<|image_pad|>',
] as const

/** What a cell without a card is called in captions. */
export const EMPTY_CELL = 'empty'
export const CAPTION_PREFIXES = {
  colours: 'Cells:',
  places: 'Place:',
  numbers: 'Numbers:',
  sheet: 'Digits:',
} as const

const STEPS = Array.from({ length: BOARD_SIDE / BOARD_GRID + 1 }, (_, at) => at * BOARD_GRID)

/**
 * Texts that are one token each, so that a trajectory is short; any other text is made of its bytes. Where several begin at one place the longest is taken. Coordinates have their bracket or comma with
 * them: so a number in an answer is its digits, whatever they are.
 */
export function phraseTokens(): string[] {
  const all = [
    '<think>',
    '</think>',
    '<tool_call>',
    '</tool_call>',
    '<tool_response>',
    '</tool_response>',
    '<answer>',
    '</answer>',
    'system\n',
    'user\n',
    'assistant\n',
    TOOLS_PROMPT,
    DIRECT_PROMPT,
    "\n\nFull size of this question's images:\n",
    'Image ',
    `: ${BOARD_SIDE} × ${BOARD_SIDE} pixels.`,
    'Which number stands on the',
    ' card?',
    'Where is the',
    QUESTIONS.colours,
    QUESTIONS.boxes,
    QUESTIONS.sheet,
    QUESTIONS.digits,
    QUESTIONS.numbers,
    QUESTIONS.orientation,
    ...Object.values(CAPTION_PREFIXES),
    ...[...CARD_COLOUR_NAMES, EMPTY_CELL].map((name) => ` ${name}`),
    ...STEPS.flatMap((step) => [`(${step}`, `, ${step}`]),
    ...TRANSFORMS.map((transform) => LOOKS[transform]),
    '. I zoom in on',
    '. I read',
    'I read',
    ...Object.values(RECOVERIES),
    '{"name": "code_image_tool", "arguments": {"code": "',
    '", "description": "',
    '", "image_index": ',
    '}}',
    'result = ',
    'image',
    MISSING_NAME,
    '.rotate(90, expand=True)',
    '.rotate(180, expand=True)',
    '.rotate(270, expand=True)',
    'ImageOps.mirror(',
    'ImageOps.flip(',
    '.crop(',
    ...Object.values(TURN_DESCRIPTIONS),
    ZOOM_DESCRIPTION,
    ...[BOARD_SIDE, 64, 96, 128].map((side) => ` (${side} × ${side} pixels) is the result.`),
    'The code failed (runtime): ',
    '\n> 1 | ',
    '\nTraceback (most recent call last):\n  File "<code>", line 1, in <module>\n    ',
    '\nNo image was added.',
    `NameError: name '${MISSING_NAME}' is not defined`,
    'TypeError: Image.crop() takes from 1 to 2 positional arguments but 5 were given',
    'IndexError: image_index ',
    ' is out of range: the trajectory has ',
    ' image(s), 0 to ',
    '    ',
    '        ',
    '^^^^',
    '^^^^^^^^',
  ]
  return [...new Set(all)]
}
