/** Rows that are wrong in one way each, and some that look so and are not, made from a row with a call whose result is an image. */
export function brokenRows(row) {
  const [question, call, ...rest] = row.conversations
  const answer = row.conversations.at(-1)
  const turns = (...conversations) => ({ ...row, conversations })
  const markersOf = (conversations) =>
    conversations.reduce((sum, { value }) => sum + value.split('<image>').length - 1, 0)
  // As many images as its turns show.
  const fitting = (made) => ({ ...made, images: row.images.slice(0, markersOf(made.conversations)) })
  const says = (from, value) => ({ from, value })
  const withValue = (at, change) =>
    turns(
      ...row.conversations.map((turn, index) =>
        index === at ? { ...turn, value: change(turn.value) } : turn,
      ),
    )
  const calls = (value) => fitting(turns(question, says('function_call', value), ...rest))
  const json = {
    name: 'code_image_tool',
    arguments: { code: 'result = image', description: 'look', image_index: 0 },
  }
  const image = (name) => ({ ...row, images: [name, ...row.images.slice(1)] })
  return {
    'as it was written': row,
    'no turn at all': fitting(turns()),
    'the model begins': fitting(turns(call, ...rest)),
    'two questions in a row': fitting(turns(question, question, call, ...rest)),
    'the user has the last word': fitting(turns(...row.conversations, says('human', 'Thanks.'))),
    'the tool has the last word': fitting(turns(question, call, rest[0])),
    'a question alone': fitting(turns(question)),
    'an unknown speaker': fitting(turns(question, says('assistant', answer.value))),
    'the tool under another name': fitting(
      turns(question, call, says('observation', rest[0].value), ...rest.slice(1)),
    ),
    'a system message in the middle': fitting(turns(question, says('system', 'Be brief.'), ...rest)),
    'a system message first': fitting(turns(says('system', 'Be brief.'), ...row.conversations)),
    'a system message alone': fitting(turns(says('system', 'Be brief.'))),
    'a speaker is missing': fitting(turns(question, { value: answer.value })),
    'one image too few': { ...row, images: row.images.slice(0, -1) },
    'one image too many': { ...row, images: [...row.images, row.images[0]] },
    'no images': { ...row, images: [] },
    'no column of images': Object.fromEntries(Object.entries(row).filter(([name]) => name !== 'images')),
    'no images and no markers': fitting(
      turns(says('human', 'What is 2 + 2?'), says('gpt', '<answer>4</answer>')),
    ),
    'one image as a text': { ...fitting(turns(question, answer)), images: row.images[0] },
    'the model writes a marker': withValue(1, (value) => `${value} <image>`),
    'the marker stands behind the question': withValue(
      0,
      (value) => `${value.replace('<image>', '')}<image>`,
    ),
    'a video in the text': withValue(2, (value) => `${value} <video>`),
    'sound in the text': withValue(0, (value) => `${value} <audio>`),
    'a marker in the system prompt': { ...row, system: 'An <image> is shown.' },
    'no system prompt': { ...row, system: null },
    'an image that is not there': image('images/none.png'),
    'an image without a name': image(''),
    'an image that is a text': image('broken/text.png'),
    'an image that is cut off': image('broken/cut.png'),
    'an image of one pixel': image('broken/pixel.png'),
    'a call as JSON': calls(JSON.stringify(json)),
    'calls as JSON behind a thought': calls(`<think>\nI look.\n</think>\n\n${JSON.stringify([json, json])}`),
    'calls behind a thought without line breaks': calls(`<think>I look.</think>${JSON.stringify(json)}`),
    'a call in a block': calls(`Now. <tool_call>${JSON.stringify(json)}</tool_call>`),
    'a call that is no JSON': calls('result = image'),
    'a call without arguments': calls(JSON.stringify({ name: 'code_image_tool' })),
    'a call that is a number': calls('[5]'),
    'a call with no arguments said': calls(JSON.stringify({ ...json, arguments: null })),
    'tools as a list': { ...row, tools: JSON.stringify([{ name: 'a', description: '', parameters: {} }]) },
    'tools that are an empty list': { ...row, tools: '[]' },
    'tools that are no JSON': { ...row, tools: 'code_image_tool' },
    'tools that are an object': { ...row, tools: JSON.stringify({ name: 'a' }) },
    'tools that are null in JSON': { ...row, tools: 'null' },
    'a turn without a text': turns(question, { from: 'gpt', value: null }, ...rest),
    'a turn whose text is a number': turns(question, { from: 'gpt', value: 5 }, ...rest),
    'turns that are a text': { ...row, conversations: 'What?' },
    'turns that are null': { ...row, conversations: null },
    'the model says nothing': withValue(1, () => ''),
    'a tool that says too much': withValue(2, (value) => value + 'x'.repeat(10_001)),
  }
}
