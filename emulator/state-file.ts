import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { indexEvent } from './calendar/store.ts'
import type { CalendarStore, StoredEvent } from './model.ts'
import { defaultSwitches } from './switches.ts'
import { emptyState, type State, type World } from './world.ts'

const VERSION = 1
/** Milliseconds between a change and writing the file. */
const WRITE_DELAY = 300

/**
 * Reads the state of an earlier run; `undefined` if there is no file. An invalid file is an error.
 */
export function readState(file: string): State | undefined {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return
  }
  const { version, state } = JSON.parse(text, revive) as { version: number; state: State }
  if (version !== VERSION) throw new Error(`${file} was written by another version; start with --fresh.`)
  for (const calendar of state.calendars.values()) reindex(calendar)
  return { ...emptyState([]), ...state, switches: { ...defaultSwitches(), ...state.switches } }
}

function reindex(calendar: CalendarStore & { stored?: StoredEvent[] }): void {
  Object.assign(calendar, { events: new Map(), exceptions: new Map(), uids: new Map(), changeLog: [] })
  for (const event of calendar.stored ?? []) indexEvent(calendar, event)
  delete calendar.stored
}

/**
 * Writes the whole state shortly after each change, atomically by rename. The returned function
 * stops this and writes a pending change.
 */
export function saveState(world: World, file: string): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const write = () => {
    timer = undefined
    writeFileSync(`${file}.new`, serialize(world.state))
    renameSync(`${file}.new`, file)
  }
  world.onTouch = () => {
    timer ??= setTimeout(write, WRITE_DELAY)
  }
  write()
  return async () => {
    world.onTouch = undefined
    if (timer) {
      clearTimeout(timer)
      write()
    }
  }
}

function serialize(state: State): string {
  return JSON.stringify({ version: VERSION, state }, replace)
}

function replace(this: unknown, _key: string, value: unknown): unknown {
  if (value instanceof Map) return { $map: [...value] }
  if (isCalendar(value)) {
    const { events, exceptions: _exceptions, uids: _uids, changeLog: _changeLog, ...calendar } = value
    return { ...calendar, stored: [...events.values()].sort((a, b) => a.seq - b.seq) }
  }
  return value
}

function isCalendar(value: unknown): value is CalendarStore {
  return typeof value === 'object' && value !== null && 'events' in value && value.events instanceof Map
}

function revive(_key: string, value: unknown): unknown {
  const isMap = typeof value === 'object' && value !== null && '$map' in value
  return isMap ? new Map((value as { $map: [string, unknown][] }).$map) : value
}
