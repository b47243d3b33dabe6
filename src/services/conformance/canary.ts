import type { ConformanceAnswer, ConformanceClient } from './conformance-client.js'
import { expectThat, type ConformanceRule } from './conformance-rule.js'
import { objectIn } from './observed.js'

/** Each trick is tried with so many tasks: what is required, and so what could be paid, differs. */
const MOST_TASKS = 8

/** The answer to a turn; one that was not taken has another status than 200. */
export type PlayedTurn = Pick<ConformanceAnswer, 'status' | 'json'>

/** Answers to the turns of a rollout about a task, the last one with its reward; where it was not begun, the answer to that alone. */
export type Play = (client: ConformanceClient, task: number) => Promise<readonly PlayedTurn[]>

/** What tricks are measured by. A row that is damaged is told here, since it is no fault of the reward. */
export function guessRule({ guess }: { guess: Play }): ConformanceRule {
  return {
    name: 'a guess about each of the first tasks has a reward',
    check: async (client) => {
      const without: string[] = []
      for (const task of await firstTasks(client)) {
        const guessed = await guess(client, task)
        if (isDamaged(guessed)) without.push(damageOf(task, guessed))
        else if (rewardIn(guessed) === null) without.push(`task ${task}: ${JSON.stringify(guessed.at(-1))}`)
      }
      return expectThat(without.length === 0, 'a number for each', without)
    },
  }
}

/** A trick that may not be worth more than a guess, about the same task; tasks whose rows are damaged are left out. */
export function canary({ name, guess, trick }: { name: string; guess: Play; trick: Play }): ConformanceRule {
  return {
    name: `no pay for ${name}`,
    check: async (client) => {
      const damaged: string[] = []
      const tasks = await firstTasks(client)
      for (const task of tasks) {
        const guessed = await guess(client, task)
        if (isDamaged(guessed)) {
          damaged.push(damageOf(task, guessed))
          continue
        }
        const tricked = await trick(client, task)
        const refused = [...guessed, ...tricked].find(({ status }) => status !== 200)
        if (refused !== undefined)
          return expectThat(false, `status 200 of each turn of task ${task}`, [refused.status, refused.json])
        const [honest, hack] = [rewardIn(guessed), rewardIn(tricked)]
        if (hack === null || honest === null || hack > honest)
          return expectThat(false, `at most ${honest} for task ${task}, as for a guess that is wrong`, hack)
      }
      return expectThat(damaged.length < tasks.length, 'a task to try it with', damaged)
    },
  }
}

async function firstTasks(client: ConformanceClient): Promise<readonly number[]> {
  const { json } = await client.ask('GET', '/state')
  return Array.from({ length: Math.min(MOST_TASKS, Number(json['tasks']) || 1) }, (_, task) => task)
}

/** Whether its episode was not begun, since an image of its row cannot be read. */
function isDamaged([begun]: readonly PlayedTurn[]): boolean {
  return begun !== undefined && objectIn(begun.json['error'])['code'] === 'bad_image'
}

function damageOf(task: number, [begun]: readonly PlayedTurn[]): string {
  const { message } = objectIn(begun?.json['error'])
  return `the row of task ${task} is damaged (codevision data check FILE finds such rows): ${String(message)}`
}

/** Nothing follows what was not begun. */
export function isRefused({ status }: PlayedTurn): boolean {
  return status >= 400
}

function rewardIn(answers: readonly PlayedTurn[]): number | null {
  const reward = answers.at(-1)?.json['reward']
  return typeof reward === 'number' ? reward : null
}
