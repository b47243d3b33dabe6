import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll } from '@jest/globals'
import { PLACES } from '../recipe-places.js'

const TEMPLATE = [
  '{%- if tools %}{{- "<|im_start|>system\\n" }}{{- messages[0]["content"] }}',
  '{{- "\\n\\nYour tools:\\n<tools>" }}{%- for tool in tools %}{{- "\\n" }}{{- tool | tojson }}{%- endfor %}',
  '{{- "\\n</tools>\\nSay \\"which\\".<|im_end|>\\n" }}{%- endif %}',
].join('')

/** A checkout in our own words, built as the official one is. */
const FILES: Readonly<Record<string, string>> = {
  [PLACES.systemPrompt]: 'Look at the picture before you answer.',
  [PLACES.tool]: `tools:
  - class_name: "some.module.Tool"
    config: { type: native, timeout: 1 }
    tool_schema:
      type: "function"
      function:
        name: "code_image_tool"
        description: "Runs code – over a picture."
        parameters:
          type: "object"
          properties:
            code: { type: "string", description: "What to run." }
            image_index: { type: "integer", minimum: 0, description: "Which picture." }
          required: ["code"]
`,
  [PLACES.trainer]: `actor_rollout_ref:\n  model:\n    custom_chat_template: ${JSON.stringify(TEMPLATE)}\n`,
  [PLACES.training]: `MODEL="Org/Start-8B"
turns=9
length=$((1024 * 4))
python3 -m trainer \\
    data.train_batch_size=32 \\
    data.max_prompt_length=\${length} \\
    data.max_response_length=$((length * 2)) \\
    +data.max_image_resolution=$((100 * 28 * 28)) \\
    actor_rollout_ref.model.path=\${MODEL} \\
    actor_rollout_ref.actor.optim.lr=2e-6 \\
    actor_rollout_ref.rollout.n=4 \\
    actor_rollout_ref.rollout.multi_turn.max_assistant_turns=\${turns} \\
    +reward_model.tool_reward.alpha=1.5 \\
    +reward_model.format_reward_weight=0.1
`,
  [PLACES.evaluation]: `files="['other.parquet','data/mvtoolbench.parquet']"
python3 -m trainer \\
    data.val_files=\${files} \\
    actor_rollout_ref.model.path=Org/Trained-8B
`,
  [PLACES.readme]: '# Recipe\n\n    vllm serve Org/Judge-32B \\\n        --port 1\n',
  [PLACES.sft['qwen2.5-vl']]: 'learning_rate: 1.0e-5\nnum_train_epochs: 2.0\nresume_from_checkpoint: null\n',
  [PLACES.sft['qwen3-vl']]: 'learning_rate: 2.0e-5\nnum_train_epochs: 2.0\n',
}

const folders: string[] = []
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))))

/** Write a checkout, in a folder of its own that goes with the test file; null leaves a file out. Gives its path. */
export async function writeCheckout(changes: Readonly<Record<string, string | null>> = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'codevision-recipe-'))
  folders.push(folder)
  for (const [name, text] of Object.entries({ ...FILES, ...changes })) {
    if (text === null) continue
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), text)
  }
  return folder
}
