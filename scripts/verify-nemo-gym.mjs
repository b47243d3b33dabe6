// NeMo-Gym from PyPI over the environment service: `gym env start` runs it as a resources server, with an agent whose scripted model sees pictures, and `gym eval run` collects rollouts with it; then with the simple agent, over a service that runs already. Each reward is that of the same turns over plain HTTP.
//
//   npm run build && node scripts/verify-nemo-gym.mjs [--rows 6] [--python PYTHON]
//
// Without --python, nemo-gym is installed from PyPI into build/nemo-gym (1.5 GB), by a Python of 3.12 or later.
import { randomUUID } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual, parseArgs } from 'node:util'
import { execa } from 'execa'
import { startServiceProcess } from '../dist/services/start-service-process.js'
import { freePort } from './trainers/free-port.mjs'
import { knownTasks } from './trainers/known-tasks.mjs'
import { NemoGym } from './trainers/nemo-gym.mjs'
import { KINDS, startScriptedModel, takenTurns } from './trainers/scripted-responses.mjs'
import { trainerPython } from './trainers/trainer-python.mjs'
import { openVerification } from './trainers/verification.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const program = join(root, 'dist/cli/main.js')
const { values } = parseArgs({
  options: { rows: { type: 'string', default: '6' }, python: { type: 'string' } },
})
const work = mkdtempSync(join(tmpdir(), 'codevision-nemo-gym-'))
const verification = openVerification()
const TOKEN = randomUUID()
const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' }
const { check } = verification

try {
  const python =
    values.python ??
    (await trainerPython({ name: 'nemo-gym', packages: ['nemo-gym==0.4.0'], atLeast: [3, 12] }))
  await execa(
    process.execPath,
    [program, 'data', 'synth', '--rows', values.rows, '--seed', 'nemo-gym', '--out', 'mini'],
    { cwd: work },
  )
  const data = join(work, 'mini/rows.parquet')
  const tasks = await knownTasks(data)
  const model = await startScriptedModel({ tasks })
  const tokens = join(work, 'tokens')
  writeFileSync(tokens, `${TOKEN}\n`, { mode: 0o600 })
  const service = await startServiceProcess({
    kind: 'env',
    options: ['--data', data, '--token-file', tokens, '--log-level', 'error'],
  })
  try {
    prepareFolder(python)
    const { rewards: expected, pictures } = await rewardsOverHttp({ url: service.url, tasks })
    const worth = (kind) => tasks.map((_, place) => expected.get(`${place} ${kind}`).reward)
    check(
      'the tool used as it should is worth more than a wrong answer, and no less than a guess',
      worth('tools').every((reward, at) => reward > worth('wrong')[at] && reward >= worth('guess')[at]),
      JSON.stringify([...expected]),
    )
    const rows = await rowsOf({ url: service.url, tasks })
    await withOurAgent({ python, model, data, rows, expected, pictures })
    await withSimpleAgent({ python, model, service, rows, expected })
    check('the service ends with exit code 0', (await service.stop()) === 0)
  } finally {
    service.kill()
    model.close()
  }
} finally {
  rmSync(work, { recursive: true, force: true })
}
verification.end()

/** NeMo-Gym starts our server and our agent from the folder that it is called in; they run in the Python that has it, in place of one environment each. */
function prepareFolder(python) {
  cpSync(join(root, 'integrations/nemo_gym'), work, { recursive: true })
  for (const server of [
    'resources_servers/codevision',
    'responses_api_agents/codevision_agent',
    'responses_api_agents/simple_agent',
    'responses_api_models/openai_model',
  ]) {
    mkdirSync(join(work, server), { recursive: true })
    symlinkSync(dirname(dirname(python)), join(work, server, '.venv'))
  }
}

async function withOurAgent({ python, model, data, rows, expected, pictures }) {
  const port = await freePort()
  const gym = await NemoGym.start({
    ...{ python, cwd: work, modelUrl: model.url },
    overrides: [
      `++codevision.resources_servers.codevision.data=${data}`,
      `++codevision.resources_servers.codevision.port=${port}`,
      `++codevision.resources_servers.codevision.command=[${process.execPath},${program}]`,
    ],
  })
  try {
    check(
      '`gym env start` runs the service, the agent and the model of the configuration',
      gym.isReady,
      gym.text,
    )
    const repeats = String(KINDS.length)
    const input = writeRows('pictures.jsonl', rows)
    const asked = { agent: 'codevision_agent', input, repeats }
    const collected = await gym.collect({ ...asked, output: 'pictures-out.jsonl' })
    checkRewards({ collected, expected, what: 'codevision_agent' })
    const { shown, wrong, longest } = model.seen()
    check(
      `the model sees the pictures that calls made, each of its size: ${shown} of ${pictures}; no base64 as text`,
      shown === pictures && wrong.length === 0 && longest < 10_000,
      JSON.stringify({ wrong, longest }),
    )
    checkMetrics({ file: join(work, 'pictures-out_aggregate_metrics.json'), collected })
    // As a collection that was cut off.
    const lines = readFileSync(join(work, 'pictures-out.jsonl'), 'utf8').trimEnd().split('\n')
    writeFileSync(join(work, 'pictures-out.jsonl'), `${lines.slice(0, 7).join('\n')}\n`)
    const before = model.seen().rollouts
    const resumed = await gym.collect({ ...asked, output: 'pictures-out.jsonl', resume: true })
    checkRewards({ collected: resumed, expected, what: 'gone on with after it was cut off' })
    check(
      `which asked for the others alone: ${model.seen().rollouts - before}`,
      model.seen().rollouts - before === lines.length - 7,
    )
  } finally {
    await gym.stop()
  }
  check('the service ends with NeMo-Gym', !(await answers(`http://127.0.0.1:${port}`)))
}

async function withSimpleAgent({ python, model, service, rows, expected }) {
  const simple = join(work, 'simple.yaml')
  writeFileSync(
    simple,
    JSON.stringify({
      simple: {
        responses_api_agents: {
          simple_agent: {
            entrypoint: 'app.py',
            resources_server: { type: 'resources_servers', name: 'codevision' },
            model_server: { type: 'responses_api_models', name: 'policy_model' },
          },
        },
      },
    }),
  )
  const gym = await NemoGym.start({
    ...{ python, cwd: work, modelUrl: model.url, configs: [simple] },
    overrides: [
      '++codevision.resources_servers.codevision.data=null',
      `++codevision.resources_servers.codevision.host='any:${TOKEN}@127.0.0.1'`,
      `++codevision.resources_servers.codevision.port=${new URL(service.url).port}`,
    ],
  })
  try {
    check('`gym env start` takes a service that runs already, and wants a token', gym.isReady, gym.text)
    const input = writeRows(
      'texts.jsonl',
      rows.map((row) => ({ ...row, images: 'none' })),
    )
    const repeats = String(KINDS.length)
    const collected = await gym.collect({ agent: 'simple', input, repeats, output: 'texts-out.jsonl' })
    checkRewards({ collected, expected, what: 'simple_agent, by text alone' })
  } finally {
    await gym.stop()
  }
  check('and leaves it running', await answers(service.url))
}

function checkRewards({ collected, expected, what }) {
  const wrong = collected.filter(({ task, rollout, reward, parts }) => {
    const known = expected.get(`${task} ${KINDS[rollout]}`)
    return Math.abs(reward - known.reward) > 1e-9 || !isDeepStrictEqual(parts, known.parts)
  })
  check(
    `${what}: ${collected.length} rollouts, each with the reward of the same turns over plain HTTP`,
    collected.length === expected.size && wrong.length === 0,
    JSON.stringify(
      wrong
        .map((one) => ({ ...one, expected: expected.get(`${one.task} ${KINDS[one.rollout]}`) }))
        .slice(0, 3),
      null,
      1,
    ),
  )
}

function checkMetrics({ file, collected }) {
  const [told] = JSON.parse(readFileSync(file, 'utf8'))
  const mean = collected.reduce((sum, { reward }) => sum + reward, 0) / collected.length
  check(
    `/aggregate_metrics: mean reward ${mean.toFixed(3)}, and that of each of ${told.group_level_metrics.length} tasks`,
    Math.abs(told.key_metrics['mean/reward'] - mean) < 1e-9 &&
      told.group_level_metrics.length === Number(values.rows),
    JSON.stringify(told),
  )
}

function writeRows(name, rows) {
  writeFileSync(join(work, name), rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
  return name
}

/** As the service gives them; which of them it is stands in the metadata, for the scripted model. */
async function rowsOf({ url, tasks }) {
  return Promise.all(
    tasks.map(async (_, place) => {
      const row = await (await fetch(`${url}/v1/tasks/${place}/nemo-gym`, { headers })).json()
      row.responses_create_params.metadata = { task: String(place) }
      return row
    }),
  )
}

/** What every scripted rollout is worth, by `<place> <kind>`; and how many pictures their calls make. */
async function rewardsOverHttp({ url, tasks }) {
  const rewards = new Map()
  let pictures = 0
  for (const [place, task] of tasks.entries())
    for (const kind of KINDS) {
      const { session_id: id } = await post(`${url}/v1/sessions`, { task: place })
      const { turns, last } = takenTurns({ task, kind })
      for (const [at, { text, call }] of turns.entries()) {
        const turn = { call_id: `call-${at}`, text, tool_calls: [call] }
        const { observation } = await post(`${url}/v1/sessions/${id}/step`, turn)
        pictures += observation.images.length
      }
      const { reward, observation } = await post(`${url}/v1/sessions/${id}/step`, {
        call_id: 'last',
        text: last,
      })
      rewards.set(`${place} ${kind}`, { reward, parts: observation.reward_parts })
    }
  return { rewards, pictures }
}

async function post(url, body) {
  const answer = await fetch(url, {
    ...{ method: 'POST', headers, body: JSON.stringify(body) },
  })
  if (!answer.ok) throw new Error(`${url}: expected an answer, got ${answer.status} ${await answer.text()}`)
  return answer.json()
}

async function answers(url) {
  return fetch(`${url}/healthz`).then(
    ({ ok }) => ok,
    () => false,
  )
}
