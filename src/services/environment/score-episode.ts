import type { RewardConfig } from '../../config/reward-schema.js'
import type { Reward } from '../../core/reward.js'
import type { Outcome, Score } from '../../core/sample.js'
import type { Scorer } from '../../core/scorer.js'
import type { Task } from '../../core/task.js'
import type { ToolAnalyzer } from '../../core/tool-analysis.js'
import type { Trajectory } from '../../core/trajectory.js'
import { blankSample } from '../../evaluation/run/run-sample.js'
import { scoreTrajectory } from '../../evaluation/score-trajectory.js'
import { scoreAnswer, type Scoring } from '../../evaluation/scoring/score-answer.js'

/** How episodes are scored. */
export interface EpisodeScoring {
  scoring: Scoring
  /** Of the suite that the tasks belong to. */
  scorer: Scorer
  reward: RewardConfig
  /** Reads what calls do from their text, where the reward asks for that. */
  analyzer: ToolAnalyzer
}

/** What an episode came to. */
export interface EpisodeVerdict {
  outcome: Outcome
  score: Score
  reward: Reward
}

/**
 * Outcome and reward of an episode, as an evaluation and a training score it; of what the reward compares in a group of rollouts, nothing is paid to one alone.
 * @throws JudgeError where the judge does not answer, SandboxError where the text of calls cannot be read.
 */
export async function scoreEpisode({
  task,
  trajectory,
  by: { scoring, scorer, reward, analyzer },
  signal,
}: {
  task: Task
  trajectory: Trajectory
  by: EpisodeScoring
  signal: AbortSignal
}): Promise<EpisodeVerdict> {
  const asked = { ...blankSample({ task, epoch: 0 }), scorer }
  const { outcome, score } = await scoreAnswer({ trajectory, asked, scoring, signal })
  const { requiredTools, box } = task
  const paid = await scoreTrajectory({
    ...{ trajectory, requiredTools, box, reward, analyzer, signal },
    correct: outcome === 'correct',
  })
  return { outcome, score, reward: paid }
}
