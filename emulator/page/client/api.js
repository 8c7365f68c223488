// @ts-check

/**
 * @import { Action, ActionResult, EventDetails, WeekView } from '../types.ts'
 */

const page = new URLSearchParams(location.search)
export const account = page.get('account') ?? ''

/** @param {string} path @param {Record<string, string>} [query] */
function address(path, query = {}) {
  return `/calendar/page/data/${path}?${new URLSearchParams({ account, ...query })}`
}

/** @param {string | null} week @returns {Promise<WeekView>} */
export async function readWeek(week) {
  const answer = await fetch(address('week', week ? { week } : {}))
  if (!answer.ok) throw new Error('The calendar does not answer.')
  return answer.json()
}

/** @param {{ calendarId: string, id: string }} event @returns {Promise<EventDetails>} */
export async function readEvent({ calendarId, id }) {
  const answer = await fetch(address('event', { calendar: calendarId, event: id }))
  const body = await answer.json()
  if (!answer.ok) throw new Error(body.reason)
  return body
}

/** @param {Action} action @returns {Promise<ActionResult>} */
export async function perform(action) {
  try {
    const answer = await fetch(address('act'), { method: 'POST', body: JSON.stringify(action) })
    return await answer.json()
  } catch {
    return { ok: false, reason: 'The calendar does not answer. Is it still running?' }
  }
}

/** @param {() => void} changed called soon after something changed, and after a lost connection came back */
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
