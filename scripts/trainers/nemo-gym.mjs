import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { execa } from 'execa'

const CONFIGS = [
  'resources_servers/codevision/configs/codevision.yaml',
  'responses_api_models/openai_model/configs/openai_model.yaml',
]
const START_MS = 300_000

/** NeMo-Gym's servers, as `gym env start` runs them in a folder. */
export class NemoGym {
  #gym
  #cwd
  #process
  /** What it has printed so far. */
  text = ''
  isReady = false

  constructor({ gym, cwd, started }) {
    this.#gym = gym
    this.#cwd = cwd
    this.#process = started
    started.all.on('data', (chunk) => (this.text += String(chunk)))
  }

  /** Resolves when all servers answer, or it has ended, or five minutes are over. */
  static async start({ python, cwd, modelUrl, configs = [], overrides }) {
    const gym = join(dirname(python), 'gym')
    const started = execa(
      gym,
      [
        ...['env', 'start', ...[...CONFIGS, ...configs].flatMap((config) => ['--config', config])],
        ...[`+policy_base_url=${modelUrl}`, '+policy_api_key=none', '+policy_model_name=scripted'],
        ...['+skip_venv_if_present=true', ...overrides],
      ],
      {
        cwd,
        all: true,
        reject: false,
        buffer: false,
        detached: true,
        env: { RAY_DISABLE_DOCKER_CPU_WARNING: '1' },
      },
    )
    const servers = new NemoGym({ gym, cwd, started })
    const end = Date.now() + START_MS
    let isOver = false
    void started.then(() => (isOver = true))
    while (!isOver && Date.now() < end && !servers.isReady) {
      await new Promise((resolve) => setTimeout(resolve, 500))
      servers.isReady = /All \d+ \/ \d+ servers ready/.test(servers.text)
    }
    return servers
  }

  /** Collect rollouts with an agent. @returns of each its task, its number, its reward and the parts of that */
  async collect({ agent, input, output, repeats, resume = false }) {
    const asked = ['--agent', agent, '--input', input, '--output', output, '--num-repeats', repeats]
    const { all, exitCode } = await execa(
      this.#gym,
      ['eval', 'run', '--no-serve', ...asked, ...(resume ? ['--resume'] : []), '+num_repeats_add_seed=true'],
      { cwd: this.#cwd, all: true, reject: false },
    )
    if (exitCode !== 0)
      throw new Error(
        `gym eval run: expected exit code 0, got ${exitCode}\n${all.slice(-4000)}\n${this.text.slice(-8000)}`,
      )
    return readFileSync(join(this.#cwd, output), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
      .map(({ task, _ng_rollout_index: rollout, reward, reward_components: parts }) => ({
        task,
        rollout,
        reward,
        parts,
      }))
  }

  async stop() {
    this.#process.kill('SIGINT')
    await this.#process
    // Where one of its servers does not start, it leaves the others.
    try {
      process.kill(-this.#process.pid, 'SIGKILL')
    } catch (error) {
      if (error.code !== 'ESRCH') throw error
    }
  }
}
