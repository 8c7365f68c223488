// @ts-check
import { listen, perform, readWeek } from './api.js'
import { byId, el, style } from './dom.js'
import { dragging, wireDrag } from './drag.js'
import { openEvent, openNew } from './editor.js'
import { shifted } from './layout.js'
import { askScope } from './scope-dialog.js'
import { showToast } from './toast.js'
import { drawWeek } from './week.js'

/** @import { CalendarView, ActionResult, EventForm, EventView, WeekView } from '../types.ts' */

const pageQuery = new URLSearchParams(location.search)
const phone = matchMedia('(max-width: 700px)')

/** @type {WeekView | undefined} */
let view
/** @type {string | null} */
let week = pageQuery.get('week')
/** The day shown on a phone. @type {number | undefined} */
let day
let requests = 0
/** JSON of the drawn view; the same view is not drawn again. */
let drawn = ''
/** A redraw was skipped during a drag. */
let missed = false

/**
 * @param {{ always?: boolean }} [options] `always` also redraws an unchanged week, which moves back
 *   an event whose drag was refused
 */
async function load({ always = false } = {}) {
  const request = ++requests
  try {
    const fresh = await readWeek(week)
    if (request !== requests) return
    view = fresh
    if (always || JSON.stringify(fresh) !== drawn) draw()
  } catch (error) {
    showToast(error instanceof Error ? error.message : String(error))
  }
}

function draw() {
  missed = dragging.now
  if (!view || dragging.now) return
  const shown = view
  drawn = JSON.stringify(shown)
  const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.eventId : undefined
  const root = byId('week')
  const top = root.querySelector('.scroll')?.scrollTop ?? null
  day ??= Math.max(
    0,
    shown.days.findIndex(({ today }) => today),
  )
  const days = phone.matches ? [day] : [0, 1, 2, 3, 4, 5, 6]
  root.replaceChildren(drawWeek(shown, { days, choose, open: (event) => openEvent(event, shown.calendars, report) }))
  const scroll = /** @type {HTMLElement} */ (root.querySelector('.scroll'))
  scroll.scrollTop = top ?? (scroll.scrollHeight * 7) / 24 - 8
  if (focused) root.querySelector(/** @type {'button'} */ (`[data-event-id="${CSS.escape(focused)}"]`))?.focus()
  byId('title').textContent = shown.title
  drawCalendars(shown.calendars)
}

/** @param {CalendarView[]} calendars */
function drawCalendars(calendars) {
  const rows = calendars.map((calendar) => {
    const box = el('input', {
      type: 'checkbox',
      checked: calendar.shown,
      onchange: () =>
        perform({ do: 'show', calendarId: calendar.id, shown: box.checked }).then((done) => report(done, '')),
    })
    const row = el(
      'label',
      { title: calendar.id },
      box,
      el('span', {}, calendar.name),
      calendar.writable ? null : el('small', {}, 'view only'),
    )
    return el('li', {}, style(row, { c: calendar.colour }))
  })
  const list = byId('calendars')
  const boxes = /** @type {(Element | null)[]} */ ([...list.querySelectorAll('input')])
  const focused = boxes.indexOf(document.activeElement)
  list.replaceChildren(...rows)
  if (focused >= 0) list.querySelectorAll('input')[focused]?.focus()
}

/** @param {number} chosen */
function choose(chosen) {
  day = chosen
  draw()
  byId('week')
    .querySelector(/** @type {'button'} */ ('.strip [aria-pressed="true"]'))
    ?.focus()
}

/** @param {string | null} monday `null` means the current week */
function go(monday) {
  week = monday
  day = monday ? (phone.matches ? 0 : undefined) : undefined
  if (monday) pageQuery.set('week', monday)
  else pageQuery.delete('week')
  history.pushState(null, '', `?${pageQuery}`)
  return load()
}

/** @param {ActionResult} done @param {string} message */
function report(done, message) {
  if (!done.ok) showToast(done.reason)
  else if (message) {
    const { undo } = done
    showToast(message, undo && (async () => report(await perform(undo), 'Undone')))
  }
  return load({ always: true })
}

/** @param {string} id @param {string} calendarId */
function eventOf(id, calendarId) {
  return view?.events.find((event) => event.id === id && event.calendarId === calendarId)
}

/** @param {EventView} event @param {{ start: string, end: string }} times */
async function move(event, times) {
  const scope = event.repeats ? await askScope('Move repeating event') : 'all'
  if (!scope) return draw()
  const { id: eventId, calendarId } = event
  report(await perform({ do: 'move', calendarId, eventId, ...times, scope }), 'Event moved')
}

/** @returns {string} the calendar for a new event */
function targetCalendar() {
  const requested = view?.calendars.find(({ id, writable }) => writable && id === pageQuery.get('calendar'))
  return (requested ?? view?.calendars.find(({ writable }) => writable))?.id ?? 'primary'
}

/** @param {string} start @param {string} end @param {boolean} allDay */
function create(start, end, allDay) {
  if (!view) return
  const [startDate = '', startTime = '09:00'] = start.split('T')
  const [endDate = '', endTime = '10:00'] = end.split('T')
  /** @type {EventForm} */
  const form = {
    title: '',
    allDay,
    startDate,
    startTime,
    endDate,
    endTime,
    zone: view.account.timeZone,
    location: '',
    description: '',
    guests: [],
    free: allDay,
    visibility: 'default',
    repeat: 'none',
    rule: '',
    calendarId: targetCalendar(),
  }
  openNew(form, view.calendars, report)
}

/** Opens a new event at the next full hour if the current week is shown, otherwise at 9:00. */
function createNext() {
  if (!view) return
  const date = view.now ? view.today : (view.days[day ?? 0]?.date ?? view.today)
  const hour = view.now ? Math.min(22, Math.floor(view.now.minute / 60) + 1) : 9
  const start = `${date}T${String(hour).padStart(2, '0')}:00`
  create(start, shifted(start, { minutes: 60 }), false)
}

byId('today').addEventListener('click', () => go(null))
byId('previous').addEventListener('click', () => view && go(view.previous))
byId('next').addEventListener('click', () => view && go(view.next))
byId('create').addEventListener('click', createNext)
phone.addEventListener('change', draw)
window.addEventListener('popstate', () => {
  week = new URLSearchParams(location.search).get('week')
  load()
})
document.addEventListener('click', (event) => {
  const menu = /** @type {HTMLDetailsElement} */ (document.querySelector('.menu'))
  if (!menu.contains(/** @type {Node} */ (event.target))) menu.open = false
})
if (phone.matches) /** @type {HTMLDetailsElement} */ (document.querySelector('.calendars')).open = false

wireDrag(byId('week'), {
  release() {
    if (missed) draw()
  },
  move({ id, calendarId }, by) {
    const event = eventOf(id, calendarId)
    if (event) move(event, { start: shifted(event.start, by), end: shifted(event.end, by) })
  },
  resize({ id, calendarId }, minutes) {
    const event = eventOf(id, calendarId)
    if (event) move(event, { start: event.start, end: shifted(event.end, { minutes }) })
  },
  create(span) {
    const date = view?.days[span.day]?.date
    if (!date) return
    if ('allDay' in span) return create(date, date, true)
    create(shifted(`${date}T00:00`, { minutes: span.from }), shifted(`${date}T00:00`, { minutes: span.to }), false)
  },
})

/** @type {ReturnType<typeof setTimeout> | undefined} */
let soon
listen(() => {
  clearTimeout(soon)
  soon = setTimeout(() => load(), 60)
})
setInterval(() => load(), 60_000)
load()
