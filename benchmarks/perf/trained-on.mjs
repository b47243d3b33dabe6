// Where each of the paper's backbones is trained with configs/train, and what one of its rollouts is taken to be. GPUs by their data sheets (bfloat16, dense); tokens are guesses: a model that thinks writes
// several times as much as one that does not, and what it is given are a prompt, a picture and its crops.

const H100 = { name: 'H100, 80 GB', bytesPerSecond: 3.35e12, flops: 989e12 }
const H200 = { name: 'H200, 141 GB', bytesPerSecond: 4.8e12, flops: 989e12 }
const ROLLOUT = { rollouts: 512, turns: 2, given: 6000 }

export const TRAINED_ON = {
  'qwen2.5-vl-7b': { gpu: H100, work: { ...ROLLOUT, written: 600, concurrency: 16 } },
  'qwen3-vl-8b-thinking': { gpu: H100, work: { ...ROLLOUT, written: 4000, concurrency: 8 } },
  'qwen3-vl-32b-thinking': { gpu: H200, work: { ...ROLLOUT, written: 4000, concurrency: 4 } },
}
