/** What an event of a TensorBoard file tells. */
export type EventContent =
  | { readonly kind: 'file-version' }
  /** What an earlier session has written of this step and later ones is void. */
  | { readonly kind: 'session-start' }
  | { readonly kind: 'scalars'; readonly scalars: Readonly<Record<string, number>> }

const [VARINT, FIXED64, BYTES, FIXED32] = [0, 1, 2, 5] as const

/**
 * The protobuf message `Event` of TensorFlow (event.proto, summary.proto): wall_time 1, step 2, file_version 3, summary 5 (its values 1, with tag 1 and simple_value 2),
 * session_log 7 (its status 1, START 1).
 * @param event.wallTime seconds since 1970
 */
export function eventMessage({
  wallTime,
  step,
  content,
}: {
  wallTime: number
  step: number
  content: EventContent
}): Buffer {
  const time = Buffer.alloc(8)
  time.writeDoubleLE(wallTime)
  const head = [field(1, FIXED64, time), ...(step > 0 ? [field(2, VARINT, varint(step))] : [])]
  return Buffer.concat([...head, body(content)])
}

function body(content: EventContent): Buffer {
  switch (content.kind) {
    case 'file-version':
      return bytes(3, Buffer.from('brain.Event:2'))
    case 'session-start':
      return bytes(7, field(1, VARINT, varint(1)))
    case 'scalars':
      return bytes(
        5,
        Buffer.concat(Object.entries(content.scalars).map(([tag, value]) => bytes(1, scalar(tag, value)))),
      )
  }
}

function scalar(tag: string, value: number): Buffer {
  const single = Buffer.alloc(4)
  single.writeFloatLE(value)
  return Buffer.concat([bytes(1, Buffer.from(tag)), field(2, FIXED32, single)])
}

function bytes(number: number, data: Buffer): Buffer {
  return field(number, BYTES, Buffer.concat([varint(data.length), data]))
}

function field(number: number, wireType: number, data: Buffer): Buffer {
  return Buffer.concat([varint(number * 8 + wireType), data])
}

/** Seven bits a byte, the lowest first. */
function varint(value: number): Buffer {
  const parts: number[] = []
  let rest = value
  while (rest >= 128) {
    parts.push((rest % 128) + 128)
    rest = Math.floor(rest / 128)
  }
  return Buffer.from([...parts, rest])
}
