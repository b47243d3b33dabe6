import { execFileSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { torchProcessEnvironment } from '../../dist/config/torch-environment.js'
import { SHAPES, checkpointFiles } from './torch-shapes.mjs'

const PROGRAM = `
import json, sys
sys.path.insert(0, sys.argv[1])
import torch
from transformers import Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration
torch.manual_seed(1)
device = "cuda" if sys.argv[4] == "auto" and torch.cuda.is_available() else "cpu"
torch.set_default_dtype(torch.bfloat16 if device == "cuda" else torch.float32)
with torch.device(device):
    model = Qwen2_5_VLForConditionalGeneration(Qwen2_5_VLConfig(**json.loads(sys.argv[3])))
model.save_pretrained(sys.argv[2], max_shard_size="4GB")
`

/** Write a checkpoint of random weights of a shape into a folder, drawn on the GPU where there is one; nothing where the folder holds one already. */
export function drawCheckpoint({ python, shape, device, directory }) {
  if (existsSync(join(directory, 'tokenizer.json'))) return
  const config = SHAPES[shape]
  const place = device === 'cpu' ? 'cpu' : 'auto'
  const args = ['-I', '-c', PROGRAM, python.site, directory, JSON.stringify(config), place]
  execFileSync(python.executable, args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: torchProcessEnvironment(),
  })
  for (const [name, content] of Object.entries(checkpointFiles(config)))
    writeFileSync(join(directory, name), typeof content === 'string' ? content : JSON.stringify(content))
}
