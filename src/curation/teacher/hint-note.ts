import type { CurationType, Provocation } from '../../core/curation.js'
import type { CurationPlan, PlannedOperation, PlannedStep, Size } from '../plan/curation-plan.js'
import { isCrop } from './provoke/mistake.js'

const TYPES: Readonly<Record<CurationType, string>> = {
  'single-tool': 'one call, then the answer',
  'multi-tool': 'several operations, in one call or in a few, then the answer',
  'multi-crop': 'crops from coarse to fine, each inside the one before, then the answer',
  'error-handling':
    'something goes wrong first; you read what you are told, correct it and go on to the answer',
  'no-tool': 'no call at all: think and answer, and say why no tool is needed',
}

const PROVOCATIONS: Readonly<Record<Provocation, string>> = {
  'bad-argument':
    'write code with an argument that the library refuses (corners of a box in the wrong order, text where a number belongs, a keyword that does not exist): it must raise a TypeError or a ValueError',
  'missing-name':
    'write code that uses a name, a helper function or a module that is not there: it must raise a NameError, an AttributeError or an ImportError',
  'wrong-tool':
    'write code that runs but does the wrong thing (turns the wrong way, mirrors where it should turn, cuts out another region); when you see the result, say what is wrong with it and go back to the earlier image or undo it',
  'index-out-of-range': 'pass an image_index that no image has',
  timeout: 'write plausible code that does not end in time, such as a loop whose condition is never met',
}

const WORDS: Readonly<Record<Exclude<PlannedOperation['op'], 'crop'>, string>> = {
  rotate_90: 'rotate by 90 degrees counter-clockwise',
  rotate_180: 'rotate by 180 degrees',
  rotate_270: 'rotate by 90 degrees clockwise',
  flip_horizontal: 'mirror left to right',
  flip_vertical: 'mirror top to bottom',
  autocontrast: 'stretch the contrast (autocontrast)',
  contrast_up: 'raise the contrast',
  sharpen: 'sharpen',
  median_blur: 'median filter',
}

/** What a model that plays the teacher is told about a task, and how to write as if it had not been told. */
export function hintNote({
  plan,
  rejectedBecause,
}: {
  plan: CurationPlan
  rejectedBecause: string | null
}): string {
  const { type, question, answer, images, steps, provocation } = plan
  const parts = [
    'PRIVATE NOTE, not part of the conversation. You write a demonstration from which a model will learn. You are told here how it has to come out.',
    `Question: ${question}\nAnswer: ${answer}`,
    `Images of the task:\n${images.map(describeImage).join('\n')}`,
    `Kind of demonstration: ${type}: ${TYPES[type]}.`,
    steps.length === 0
      ? 'Calls: none.'
      : `Calls, one a turn, in this order:\n${steps.map((step, at) => describeStep({ step, at })).join('\n')}`,
    ...(provocation === null
      ? []
      : [
          `Before call ${provocation.step + 1} goes well, make it go wrong ${provocation.times === 1 ? 'once' : 'twice in a row, differently each time'}: ${PROVOCATIONS[provocation.kind]}. Make it an honest mistake that somebody could make, not one that announces itself. In the next turn quote what the tool said, name the cause, and put it right.`,
        ]),
    [
      'How to write:',
      '- Write as somebody who sees nothing but the images and the messages. Never mention this note, metadata, a plan, what was applied to an image, or coordinates as something that you were given.',
      '- Describe what can be seen: how the text lies, where things are, what is too small. Conclude from that what to do.',
      '- Do not state the answer, or any part of it, before an image could show it to you. The last turn reads it from the last image and gives it, word for word, in <answer></answer>.',
      '- Each turn: <think>…</think> in the first person, then exactly one <tool_call>…</tool_call>, or the answer. Your own words and your own code; vary both.',
      '- Turn and mirror without loss (whole quarter turns, expand=True). Crop exactly the boxes above, and do not resize the result.',
    ].join('\n'),
    ...(rejectedBecause === null
      ? []
      : [
          `An earlier attempt at this demonstration was rejected: ${rejectedBecause} Write it again so that this does not happen.`,
        ]),
  ]
  return parts.join('\n\n')
}

function describeImage(
  { width, height, transform, corruption }: CurationPlan['images'][number],
  at: number,
): string {
  const applied =
    transform === 'none'
      ? 'upright, nothing was applied'
      : `${transform} was applied (counter-clockwise, as PIL counts)`
  return `- image ${at}, ${sizeWords({ width, height })}: ${applied}${corruption === null ? '' : `, spoilt by ${corruption}`}`
}

function describeStep({ step, at }: { step: PlannedStep; at: number }): string {
  const from = step.from === 'given' ? `image ${step.image} as given` : `the result of call ${step.from + 1}`
  const deeds = step.operations.map((operation) =>
    isCrop(operation) ? `crop the box (${operation.box.join(', ')})` : WORDS[operation.op],
  )
  return `${at + 1}. On ${from} (${sizeWords(step.inputSize)}): ${deeds.join(', then ')}. It makes ${sizeWords(step.resultSize)}.`
}

function sizeWords({ width, height }: Size): string {
  return `${width} × ${height} pixels`
}
