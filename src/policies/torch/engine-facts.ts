import { z } from 'zod'

/** What holds the weights. */
export const engineFacts = z.object({
  pid: z.number().int(),
  device: z.enum(['cuda', 'cpu']),
  /** Such as `NVIDIA H100 80GB HBM3`. */
  deviceName: z.string(),
  dtype: z.string(),
  /** Version of PyTorch. */
  torch: z.string(),
  parameters: z.number().int(),
  /** Of these, trained. */
  trained: z.number().int(),
})

export type EngineFacts = z.infer<typeof engineFacts>
