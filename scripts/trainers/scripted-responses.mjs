import { createServer } from 'node:http'
import sharp from 'sharp'

/** What a scripted model does in a rollout: use the tool as it should; guess; be wrong; stumble first over a tool that is none, over arguments that are none and over code that fails; ask for two calls in one turn. */
export const KINDS = ['tools', 'guess', 'wrong', 'stumbles', 'two-at-once']

const UNDO = {
  rotate_90: 'image.transpose(Image.Transpose.ROTATE_270)',
  rotate_180: 'image.transpose(Image.Transpose.ROTATE_180)',
  rotate_270: 'image.transpose(Image.Transpose.ROTATE_90)',
  flip_horizontal: 'image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)',
  flip_vertical: 'image.transpose(Image.Transpose.FLIP_TOP_BOTTOM)',
}

const tool = (code, index) => ({
  name: 'code_image_tool',
  arguments: JSON.stringify({ code: `result = ${code}`, description: 'look closer', image_index: index }),
})

/** Turns of a rollout, each a text with calls; the last has none. `taken`: whether its calls reach the service. */
function script({ task, kind }) {
  const needed = []
  if (kind !== 'guess') {
    if (task.transform !== 'none') needed.push(tool(UNDO[task.transform], 0))
    if ((task.tools ?? []).includes('crop'))
      needed.push(tool(`image.crop((${task.upright.join(', ')}))`, needed.length))
  }
  const turns = []
  if (kind === 'stumbles') {
    turns.push({
      text: '<think>There may be a tool for it.</think>',
      calls: [{ name: 'turn_upright', arguments: '{}' }],
      taken: false,
    })
    turns.push({
      text: '<think>Or this one.</think>',
      calls: [{ name: 'code_image_tool', arguments: '{"code": "result' }],
      taken: false,
    })
    turns.push({ text: '<think>By code.</think>', calls: [tool('image.rotat(90)', 0)], taken: true })
  }
  if (kind === 'two-at-once' && needed.length > 0)
    turns.push({ text: '<think>Both at once.</think>', calls: needed, taken: true })
  else
    for (const call of needed)
      turns.push({ text: '<think>I look closer.</think>', calls: [call], taken: true })
  const answer = kind === 'wrong' ? 'no such thing' : task.answer
  return [...turns, { text: `<think>I see it.</think><answer>${answer}</answer>`, calls: [], taken: true }]
}

/** The turns that reach the service, one call each: the text of a call that does not belongs to the next. */
export function takenTurns({ task, kind }) {
  const turns = []
  let text = ''
  for (const turn of script({ task, kind })) {
    text += turn.text
    if (!turn.taken) continue
    for (const call of turn.calls) {
      turns.push({ text, call })
      text = ''
    }
  }
  return { turns, last: text }
}

/** A server of the Responses API whose answers are scripted, by the task and the number of the rollout in the metadata; it looks at what it is sent as a model would. */
export async function startScriptedModel({ tasks }) {
  const seen = { wrong: [], longest: 0, rollouts: 0 }
  const shown = new Set()
  const server = createServer((request, response) => {
    void read(request).then(async (body) => {
      const place = Number(body.metadata.task)
      const rollout = JSON.parse(body.metadata.extra_body).seed
      const turns = script({ task: tasks[place], kind: KINDS[rollout] })
      const at = await look(body.input)
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify(answer({ ...turns[at], id: `${place}-${rollout}-${at}` })))
    })
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${server.address().port}/v1`,
    seen: () => ({ ...structuredClone(seen), shown: shown.size }),
    close: () => server.close(),
  }

  /** @returns how many turns the model has written */
  async function look(input) {
    const written = new Set(input.filter(({ role }) => role === 'assistant').map(({ id }) => id))
    if (written.size === 0) seen.rollouts += 1
    for (const [place, item] of input.entries()) {
      if (item.type !== 'function_call_output') continue
      seen.longest = Math.max(seen.longest, item.output.length)
      const told = /^Image \d+ \((\d+) × (\d+) pixels\)/.exec(item.output)
      if (told === null) continue
      const behind = input.slice(place).find(({ role }) => role === 'user')
      const before = input.slice(0, place).findLastIndex(({ type }) => type !== 'function_call_output')
      const picture = behind?.content[place - before - 1]
      if (picture === undefined) continue
      const file = Buffer.from(picture.image_url.split(',')[1], 'base64')
      const { width, height } = await sharp(file).metadata()
      shown.add(item.call_id)
      if (width / height !== Number(told[1]) / Number(told[2]))
        seen.wrong.push({ told: told[0], width, height })
    }
    return written.size
  }
}

async function read(request) {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  return JSON.parse(Buffer.concat(chunks).toString())
}

function answer({ text, calls, id }) {
  return {
    ...{ id: `response-${id}`, object: 'response', created_at: 0, model: 'scripted', status: 'completed' },
    ...{ parallel_tool_calls: true, tool_choice: 'auto', tools: [] },
    output: [
      {
        ...{ type: 'message', id: `message-${id}`, role: 'assistant', status: 'completed' },
        content: [{ type: 'output_text', text, annotations: [] }],
      },
      ...calls.map((call, place) => ({
        ...{
          type: 'function_call',
          id: `item-${id}-${place}`,
          call_id: `call-${id}-${place}`,
          status: 'completed',
        },
        ...call,
      })),
    ],
    usage: {
      ...{ input_tokens: 1, output_tokens: 1, total_tokens: 2 },
      ...{ input_tokens_details: { cached_tokens: 0 }, output_tokens_details: { reasoning_tokens: 0 } },
    },
  }
}
