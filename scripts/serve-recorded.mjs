// An OpenAI-compatible server that says what was recorded (scripts/record-answers.mjs), told by the question and the number of turns before:
//
//   node scripts/serve-recorded.mjs scripts/recorded/demo-answers.json --port 8123 --delay 50
//
// Prints its address once it listens. It runs no model: for tests of whatever talks to one. Token counts are characters divided by four.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

/** Start it; gives its address and how many completions it gave. @param options.delayMs before each answer */
export async function serveRecorded({ file, port = 0, host = '127.0.0.1', delayMs = 0 }) {
  const { answers } = JSON.parse(readFileSync(file, 'utf8'))
  const questions = Object.keys(answers)
  const counts = { completions: 0 }
  const server = createServer(async (request, response) => {
    const chunks = []
    for await (const chunk of request) chunks.push(chunk)
    const send = (status, body) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(body))
    }
    if (request.url === '/v1/models') return send(200, { data: [{ id: 'recorded' }] })
    if (request.url !== '/v1/chat/completions') return send(404, { error: { message: 'no such path' } })
    const { messages } = JSON.parse(Buffer.concat(chunks).toString())
    const text = replyTo(messages)
    if (text === undefined)
      return send(400, { error: { message: 'Nothing was recorded for this question and turn.' } })
    if (delayMs > 0) await wait(delayMs)
    counts.completions += 1
    send(200, {
      id: 'recorded',
      choices: [{ finish_reason: 'stop', message: { role: 'assistant', content: text } }],
      usage: {
        prompt_tokens: Math.ceil(JSON.stringify(messages).replace(/base64,[^"]*/g, '').length / 4),
        completion_tokens: Math.ceil(text.length / 4),
      },
    })
  })
  const replyTo = (messages) => {
    const asked = textOf(messages.find(({ role }) => role === 'user'))
    if (asked === 'Say OK.') return 'OK'
    const question = questions.find((each) => asked.includes(each))
    return answers[question]?.[messages.filter(({ role }) => role === 'assistant').length]
  }
  await new Promise((resolve) => server.listen(port, host, resolve))
  return {
    baseUrl: `http://${host}:${server.address().port}/v1`,
    counts,
    close: () => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve))),
  }
}

function textOf({ content } = { content: '' }) {
  return typeof content === 'string' ? content : content.map(({ text = '' }) => text).join('')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      port: { type: 'string', default: '0' },
      host: { type: 'string', default: '127.0.0.1' },
      delay: { type: 'string', default: '0' },
    },
  })
  const { baseUrl } = await serveRecorded({
    file: positionals[0],
    port: Number(values.port),
    host: values.host,
    delayMs: Number(values.delay),
  })
  console.log(baseUrl)
}
