/** Where the checkout of the official recipe (commit e098588) has what is read of it, relative to its root. */
export const PLACES = {
  systemPrompt: 'recipe/codevision/config/sp.txt',
  tool: 'recipe/codevision/config/code_image_tool_config.yaml',
  trainer: 'recipe/codevision/config/grpo_trainer.yaml',
  training: 'recipe/codevision/qwen3_vl.sh',
  evaluation: 'recipe/codevision/eval.sh',
  readme: 'README.md',
  datasets: 'LLaMA-Factory/data/dataset_info.json',
  sft: {
    'qwen2.5-vl': 'LLaMA-Factory/examples/train_full/qwen2_5vl_full_sft.yaml',
    'qwen3-vl': 'LLaMA-Factory/examples/train_full/qwen3vl.yaml',
  },
} as const

/** The commit whose places these are; another one may have moved them. */
export const RECIPE_COMMIT = 'e098588'
