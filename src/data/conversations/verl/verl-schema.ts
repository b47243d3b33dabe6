import {
  group,
  IMAGES,
  list,
  long,
  PROMPT,
  TASK,
  text,
  truth,
  type ParquetColumn,
} from '../../parquet-columns.js'

/** Columns of the RL set's parquet file (see `verlRow`), by name. */
export function verlSchema({ toolName }: { toolName: string }): ReadonlyMap<string, ParquetColumn> {
  return new Map([
    ['data_source', text('data_source')],
    ['prompt', PROMPT],
    ['images', IMAGES],
    ['reward_model', group('reward_model', text('ground_truth'), text('style'))],
    ['agent_name', text('agent_name')],
    [
      'extra_info',
      group(
        'extra_info',
        text('answer'),
        list('answers_alt', text('element')),
        list('bbox', long('element')),
        text('dataset_name'),
        long('index'),
        text('question'),
        text('split'),
        list('transform', text('element')),
        truth('need_tools_kwargs'),
        group('tools_kwargs', group(toolName, group('create_kwargs', text('task_key')))),
      ),
    ],
    ['task', TASK],
  ])
}
