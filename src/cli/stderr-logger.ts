import { destination, pino, type LevelWithSilent, type Logger } from 'pino'

/** A log on stderr. */
export function stderrLogger(level: LevelWithSilent): Logger {
  return pino({ level, redact: ['req.headers'] }, destination({ fd: 2, sync: true }))
}
