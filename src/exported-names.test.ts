import { expect, test } from '@jest/globals'
import * as codevision from './index.js'

test('the public API is this and no more', () => {
  expect(Object.keys(codevision).sort()).toEqual([
    'BridgeError',
    'CODE_IMAGE_TOOL',
    'CodeVisionError',
    'JudgeError',
    'ModelError',
    'SYSTEM_PROMPT',
    'SandboxError',
    'StoreError',
    'TRANSFORMS',
    'UsageError',
    'createOcrTool',
    'createSandbox',
    'defineTool',
    'drawTask',
    'loadGrpoConfig',
    'loadJudge',
    'loadPolicy',
    'loadSftConfig',
    'loadSuite',
    'loadTrainablePolicy',
    'openGrpo',
    'openRun',
    'openSft',
    'parseMiniWorldConfig',
    'rollout',
    'runEvaluation',
    'scoreTrajectories',
    'scoreTrajectory',
    'trainGrpo',
    'trainSft',
  ])
})
