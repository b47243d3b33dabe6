import { stringify } from 'yaml'

/**
 * Configuration of `accelerate launch`: DeepSpeed's ZeRO-3, which parts weights, gradients and Adam's moments among all GPUs. A copy of all on each, as without it, comes to 16 bytes a parameter: 140 GB
 * for 8 billion. How many processes and machines there are, the launch script says.
 *
 * Not FSDP: TRL wraps the model that the KL is measured from without handing the weights of the first process to the others (version 2), so that it would have to be read whole by each.
 */
export function accelerateFile(): string {
  return stringify({
    compute_environment: 'LOCAL_MACHINE',
    distributed_type: 'DEEPSPEED',
    deepspeed_config: {
      zero_stage: 3,
      // Each process reads its part of the weights instead of all of them.
      zero3_init_flag: true,
      zero3_save_16bit_model: true,
      offload_optimizer_device: 'none',
      offload_param_device: 'none',
      // Started once on each machine, as torchrun; not from one by ssh.
      deepspeed_multinode_launcher: 'standard',
    },
    mixed_precision: 'bf16',
    rdzv_backend: 'static',
    use_cpu: false,
  })
}
