export {
  createSandbox,
  loadJudge,
  loadPolicy,
  loadTrainablePolicy,
  type CreateSandboxOptions,
  type JudgeOptions,
  type PolicyOptions,
  type RuntimeChoice,
  type ServerOptions,
} from './wiring.js'
export { defineTool, type ToolArguments } from './core/define-tool.js'
export { createOcrTool } from './tools/ocr-tool.js'
export { rollout, type RolloutLimits, type RolloutRequest, type RolloutResult } from './agent/rollout.js'
export type { RolloutEvent } from './agent/rollout-event.js'
export { SYSTEM_PROMPT } from './agent/system-prompt.js'
export { CODE_IMAGE_TOOL } from './agent/tool-description.js'
export { loadSuite, type Suite } from './data/load-suite.js'
export { drawTask, type MiniPicture, type MiniTask } from './data/mini-world/draw-task.js'
export {
  parseMiniWorldConfig,
  type MiniWorldConfig,
  type MiniWorldOptions,
} from './data/mini-world/mini-world-config.js'
export {
  runEvaluation,
  type EvaluationResult,
  type RunEvaluationParameters,
} from './evaluation/run/run-evaluation.js'
export { scoreTrajectories, type ScoreTrajectoriesParameters } from './evaluation/score-trajectories.js'
export { scoreTrajectory, type ScoreTrajectoryParameters } from './evaluation/score-trajectory.js'
export type { TrajectoryGroup, TrajectoryRollout } from './evaluation/group-trajectories.js'
export type { RewardInput } from './config/reward-schema.js'
export type { ScoredGroup } from './reward/group.js'
export { loadGrpoConfig, loadSftConfig, type TrainingOverrides } from './config/training-config.js'
export type { GrpoConfig, SftConfig, TrainingModel } from './config/training-schema.js'
export { openGrpo, type OpenGrpoParameters } from './open-grpo.js'
export { openSft, type OpenSftParameters } from './open-sft.js'
export type { OpenedTraining, OpenTrainingParameters } from './opened-training.js'
export { trainGrpo, type GrpoSettings, type TrainGrpoParameters } from './training/grpo.js'
export { trainSft, type SftSettings, type TrainSftParameters } from './training/sft.js'
export type { TrainingResult } from './training/loop/train-loop.js'
export type { TrainingEvent } from './training/loop/training-event.js'
export { openRun, type OpenRun } from './store/open-run.js'
export type { Run, RunReader } from './store/run.js'
export type {
  Sandbox,
  SandboxSession,
  SandboxProfile,
  SandboxVersions,
  ImageSource,
  OpenOptions,
  ViewOptions,
} from './core/sandbox.js'
export type { CodeCall } from './core/code-call.js'
export type {
  HostTool,
  HostTools,
  ToolData,
  ToolImage,
  ToolLimits,
  ToolParameter,
  ToolResult,
  ToolValue,
} from './core/host-tool.js'
export type {
  Execution,
  ExecutionOk,
  ExecutionFailed,
  ErrorKind,
  Operation,
  ToolUse,
} from './core/execution.js'
export type { SandboxImage, EncodedImage, PixelMode } from './core/image.js'
export type { Judge, JudgeAccount, JudgeRequest, JudgeTally, JudgeVerdict } from './core/judge.js'
export type { Message, ContentPart } from './core/message.js'
export type { Policy, PolicyRequest, PolicyReply, ToolDescription } from './core/policy.js'
export type { Reward } from './core/reward.js'
export type { LedgerImage, TokenLedger, TokenSegment } from './core/token-ledger.js'
export type {
  SampledLogprobs,
  SamplingPolicy,
  TrainablePolicy,
  TrainingRollout,
} from './core/trainable-policy.js'
export type { Sample, Score, Outcome } from './core/sample.js'
export type { Task, TaskImage } from './core/task.js'
export type { Trajectory, TrajectoryCall, TrajectoryImage, StopReason } from './core/trajectory.js'
export type { AnalyzableCall, StaticAnalysis, ToolAnalysis, ToolAnalyzer } from './core/tool-analysis.js'
export { TRANSFORMS, type Box, type Transform } from './core/transform.js'
export {
  CodeVisionError,
  UsageError,
  BridgeError,
  SandboxError,
  ModelError,
  JudgeError,
  StoreError,
} from './core/errors.js'
