// What is too long or too heavy for .ci/run, one part after the other, and a table of what came out under docs/verified/.
//
//   npm run verify:full                 every part
//   npm run verify:full soak compose    these
//
// Nothing else should run on the machine meanwhile: some parts measure. The table names machine, date and revision; a part that is run again replaces its row.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = join(root, 'docs/verified')
const withDocker = (command) => `scripts/with-docker.sh ${command}`

const CHAOS = /^(?:\| .*|Runtime .*|Calls .*|Lost .*|Left .*|No violation.*|VIOLATIONS.*|- .*)$/gm
const GOALS = /^(?:reached|MISSED) .*$/gm
const ATTACKS = /^(?:[^|\n]*, \d{4}-.*|\d+ of \d+ .*)$/gm

/** What each part runs, in order; the lines of its output that say how it went; whether all of its output is kept as a page. */
const PARTS = {
  attacks: { commands: ['npm run --silent attacks'], tells: ATTACKS, isPage: true },
  'attacks-docker': {
    commands: [withDocker('npm run --silent attacks -- --runtime docker')],
    tells: ATTACKS,
    isPage: true,
  },
  chaos: { commands: ['npm run --silent chaos -- --kills 500 --seed 1'], tells: CHAOS },
  'chaos-docker': {
    commands: [withDocker('npm run --silent chaos -- --kills 60 --seed 2 --runtime docker')],
    tells: CHAOS,
  },
  kills: {
    commands: ['npm run --silent prepare-python && node scripts/kill-evaluation.mjs --kills 20 --seed 1'],
    tells: /^(?:ok|FAIL) .*$/gm,
  },
  bench: { commands: ['npm run --silent bench:sandbox -- --report --rounds 1'], tells: GOALS },
  rollout: {
    commands: ['npm run --silent bench:rollout'],
    tells: /^(?:\| .*|(?:reached|MISSED|encoding|over) .*)$/gm,
  },
  soak: { commands: ['npm run --silent bench:sandbox -- --soak 50000'], tells: GOALS },
  hanging: { commands: ['npm run --silent bench:sandbox -- --hanging --seconds 20'], tells: GOALS },
  operations: {
    commands: ['npm run --silent build && node benchmarks/perf/operations-overhead.mjs --calls 40 --gap 40'],
    tells: /^.* ms -> .*$/gm,
  },
  service: {
    commands: ['node benchmarks/perf/load-service.mjs --seconds 120 --connections 64'],
    tells: /"(?:calls|callsPerSecond|errors|timeouts|p50|p99|\w+Mb|processes|descriptors)": [\d.]+/g,
  },
  curation: {
    commands: [
      'npm run --silent prepare-python && rm -rf build/curation && node dist/cli/main.js data synth --rows 300 --seed 1 --out build/curation/mini',
      'time node dist/cli/main.js data curate build/curation/mini/rows.parquet --count 500 --seed m1 --out build/curation/run',
      'node dist/cli/main.js data check build/curation/run --replay',
    ],
    tells:
      /^(?:Teacher .*|Lengths: .*|Skeletons: .*|Provoked: .*|Dropped: .*|real\s.*|.*replay.*|.*differ.*)$/gm,
  },
  llamafactory: {
    commands: ['npm run --silent prepare-python && node scripts/verify-llamafactory.mjs'],
    tells: /^(?:ok|FAIL) .*$/gm,
  },
  verl: {
    commands: ['npm run --silent prepare-python && node scripts/verify-verl.mjs'],
    tells: /^(?:ok|FAIL) .*$/gm,
  },
  ray: {
    commands: ['npm run --silent prepare-python && node scripts/verify-ray.mjs'],
    tells: /^(?:ok|FAIL) .*$/gm,
  },
  clusters: {
    commands: ['npm run --silent prepare-python && node scripts/verify-clusters.mjs'],
    tells: /^(?:ok|FAIL) .*$/gm,
  },
  trl: {
    commands: ['npm run --silent prepare-python && node scripts/verify-trl.mjs'],
    tells: /^(?:ok|FAIL) .*$/gm,
  },
  mcp: {
    commands: ['npm run --silent prepare-python && node scripts/verify-mcp.mjs'],
    tells: /^(?:ok|FAIL|MCP Inspector) .*$/gm,
  },
  openenv: {
    commands: ['npm run --silent prepare-python && node scripts/verify-openenv.mjs'],
    tells: /^(?:ok|FAIL) .*$/gm,
  },
  'nemo-gym': {
    commands: ['npm run --silent prepare-python && node scripts/verify-nemo-gym.mjs'],
    tells: /^(?:ok|FAIL) .*$/gm,
  },
  verifiers: {
    commands: ['npm run --silent prepare-python && node scripts/verify-verifiers.mjs'],
    tells: /^(?:ok|FAIL) .*$/gm,
  },
  engine: {
    commands: [
      'npm run --silent build && node dist/cli/main.js setup tfjs && node dist/cli/main.js setup python --torch',
      'node dist/parity/model/main.js ${CODEVISION_MODEL_CASES?names folders of checkpoints with a cases.json}',
      'node scripts/verify-checkpoint.mjs',
      'node scripts/verify-engine-memory.mjs',
    ],
    tells: /^(?:.* (?:passed|failed) \(.*\) on \w+|(?:ok|FAIL|with) .*)$/gm,
  },
  torch: {
    commands: [
      'npm run --silent build && node dist/cli/main.js setup python --torch',
      'CODEVISION_TEST_TORCH=1 npm test -- src/torch-engine src/cli/torch.test.ts 2>&1',
      'node benchmarks/perf/torch.mjs --shape tiny',
    ],
    tells: /^(?:agreement .*|Tests: .*|\| .*)$/gm,
  },
  vllm: {
    commands: [
      'npm run --silent prepare-python && node dist/cli/main.js setup python --torch && node scripts/verify-vllm.mjs',
    ],
    tells: /^(?:ok|FAIL) .*$/gm,
  },
  compose: {
    commands: [
      'npm run --silent build && node scripts/fetch-wheels.mjs && node scripts/prepare-controller.mjs',
      withDocker(`bash -c 'node scripts/test-compose.mjs && node scripts/test-batch.mjs'`),
    ],
    tells: /^(?:ok|FAIL) .*$/gm,
  },
}

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !(name in PARTS))
if (unknown.length > 0) {
  console.error(`No part is called ${unknown.join(', ')}; there are ${Object.keys(PARTS).join(', ')}.`)
  process.exit(2)
}

await execa('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' })
for (const name of asked.length > 0 ? asked : Object.keys(PARTS)) {
  console.log(`=== ${name}`)
  const row = await runPart(name, PARTS[name])
  record(name, row)
  console.log(`=== ${name}: ${row.result} after ${row.seconds} s`)
  if (row.result !== 'passed') process.exitCode = 1
}

async function runPart(name, { commands, tells, isPage = false }) {
  const began = performance.now()
  let output = ''
  let exitCode = 0
  for (const command of commands) {
    const run = execa('bash', ['-c', command], { cwd: root, all: true, reject: false, buffer: true })
    run.all?.pipe(process.stdout, { end: false })
    const done = await run
    output += `${done.all}\n`
    exitCode = done.exitCode ?? 1
    if (exitCode !== 0) break
  }
  if (isPage) {
    mkdirSync(folder, { recursive: true })
    writeFileSync(
      join(folder, `${name}.md`),
      `# ${name}, in full\n\n    ${commands.join('\n    ')}\n\n${pageOf(output)}\n`,
    )
  }
  return {
    result: exitCode === 0 ? 'passed' : `FAILED (exit code ${exitCode})`,
    seconds: Math.round((performance.now() - began) / 1000),
    told: [...output.matchAll(tells)].map(([line]) => line.trim()),
    date: new Date().toISOString().slice(0, 16).replace('T', ' '),
    revision: await revision(),
    command: commands.join(' && '),
  }
}

/** From the report's first line on, without what was said while it was being made. */
function pageOf(output) {
  const start = output.search(/^[^|\n]*, \d{4}-\d\d-\d\d/m)
  return output.slice(Math.max(0, start)).trim()
}

async function revision() {
  const { stdout: hash } = await execa('git', ['rev-parse', '--short=10', 'HEAD'], { cwd: root })
  const { stdout: changed } = await execa('git', ['status', '--porcelain', '--untracked-files=no'], {
    cwd: root,
  })
  // The tables themselves change while the parts run.
  const others = changed
    .split('\n')
    .filter((line) => line !== '' && !/ (?:docs\/verified|benchmarks\/perf)\//.test(line))
  return others.length === 0 ? hash : `${hash} and changes`
}

/** Rows are kept as JSON beside the page, so that one part can be run again. */
function record(name, row) {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'verified.json')
  const rows = { ...read(file), [name]: { ...row, machine: machine() } }
  writeFileSync(file, `${JSON.stringify(rows, null, 2)}\n`)
  writeFileSync(join(folder, 'README.md'), page(rows))
}

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return {}
  }
}

function machine() {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor'
  return `${model}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`
}

function page(rows) {
  const names = Object.keys(PARTS).filter((name) => name in rows)
  const table = names.map((name) => {
    const { result, seconds, date, revision: at } = rows[name]
    return `| ${name} | ${result} | ${date} UTC | ${at} | ${seconds} s |`
  })
  const details = names.map((name) => {
    const { command, machine: on, told } = rows[name]
    return `## ${name}\n\n\`${command}\`\n\n${on}\n\n${told.length === 0 ? '(no line told)' : told.map((line) => `    ${line}`).join('\n')}\n`
  })
  return `# What was verified in full\n\nWritten by \`npm run verify:full [PART…]\`; a row is of the last run of its part.\n\n| part | result | when | revision | took |\n| --- | --- | --- | --- | --- |\n${table.join('\n')}\n\n${details.join('\n')}`
}
