// @ts-check

/**
 * @import { Action, ActionResult, EventDetails, WeekView } from '../types.ts'
 */

const pageQuery = new URLSearchParams(location.search)
export const account = pageQuery.get('account') ?? ''

/** @param {string} path @param {Record<string, string>} [query] */
function address(path, query = {}) {
  return `/calendar/page/data/${path}?${new URLSearchParams({ account, ...query })}`
}

/** @param {string | null} week @returns {Promise<WeekView>} */
export async function readWeek(week) {
  const response = await fetch(address('week', week ? { week } : {}))
  if (!response.ok) throw new Error('The calendar does not respond. Check that the emulator is running.')
  return response.json()
}

/** @param {{ calendarId: string, id: string }} event @returns {Promise<EventDetails>} */
export async function readEvent({ calendarId, id }) {
  const response = await fetch(address('event', { calendar: calendarId, event: id }))
  const body = await response.json()
  if (!response.ok) throw new Error(body.reason)
  return body
}

/** @param {Action} action @returns {Promise<ActionResult>} */
export async function perform(action) {
  try {
    const response = await fetch(address('act'), { method: 'POST', body: JSON.stringify(action) })
    return await response.json()
  } catch {
    return { ok: false, reason: 'The calendar does not respond. Check that the emulator is running.' }
  }
}

/** @param {() => void} changed called after each change, and after a reconnect */
export function listen(changed) {
  const stream = new EventSource(address('live'))
  let lost = false
  stream.onmessage = changed
  stream.onerror = () => {
    lost = true
  }
  stream.onopen = () => {
    if (lost) changed()
    lost = false
  }
}
