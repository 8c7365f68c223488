// @ts-check
import { el, style } from './dom.js'
import { columnsOf } from './layout.js'

/**
 * @import { DayView, EventView, WeekView } from '../types.ts'
 * @typedef {EventView['pieces'][number] & { event: EventView, last: boolean }} Piece
 */

/** As in page.css; they give the number of lines that a title has room for. */
const hourPixels = 46
const linePixels = 16
/** Share of the next column that an event covers, so that narrow columns stay readable. */
const overlap = 0.55

/**
 * Draws the week: day names, the all-day row and the hours. `days` are the indexes to show: all
 * seven, or one on a phone.
 * @param {WeekView} view
 * @param {{
 *   days: number[]
 *   choose: (day: number) => void
 *   open: (event: EventView) => void
 * }} given
 */
export function drawWeek(view, { days, choose, open }) {
  const shown = days.map((index) => /** @type {DayView} */ (view.days[index]))
  const grid = el('div', { class: `grid ${days.length === 1 ? 'single' : ''}` })
  style(grid, { days: String(days.length) })
  grid.append(
    days.length === 1 ? dayButtons(view, days, choose) : dayHeads(shown),
    allDayRow(view, { days, open }),
    hours(view, { days, open }),
  )
  return grid
}

/** @param {DayView[]} days */
function dayHeads(days) {
  const cells = days.map((day) => el('li', { class: `head ${day.today ? 'today' : ''}` }, ...dayText(day)))
  return el('ul', { class: 'heads', 'aria-label': 'Days' }, ...cells)
}

/** @param {DayView} day */
function dayText({ weekday, number }) {
  return [el('span', {}, weekday), ' ', el('b', {}, number)]
}

/** @param {WeekView} view @param {number[]} days @param {(day: number) => void} choose */
function dayButtons(view, days, choose) {
  const buttons = view.days.map((day, index) =>
    el(
      'button',
      {
        class: `head ${day.today ? 'today' : ''}`,
        'aria-label': `${day.weekday} ${day.name.slice(day.name.indexOf(' ') + 1)}`,
        'aria-pressed': String(days.includes(index)),
        onclick: () => choose(index),
      },
      ...dayText(day),
    ),
  )
  return el('div', { class: 'strip' }, ...buttons)
}

/** @param {WeekView} view @param {{ days: number[], open: (event: EventView) => void }} given */
function allDayRow(view, { days, open }) {
  const first = days[0] ?? 0
  const last = days.at(-1) ?? 6
  const spans = view.events
    .filter((event) => event.allDay && event.lastDay >= first && event.firstDay <= last)
    .map((event) => ({ event, from: Math.max(event.firstDay, first), to: Math.min(event.lastDay, last) + 1 }))
  const places = columnsOf(spans)
  const bars = spans.map((span) => {
    const bar = eventButton(span.event, open)
    bar.style.gridColumn = `${span.from - first + 1} / ${span.to - first + 1}`
    bar.style.gridRow = String((places.get(span)?.column ?? 0) + 1)
    return bar
  })
  const cells = days.map((day) => el('div', { class: 'cell', 'data-day': day }))
  return el(
    'div',
    { class: 'allday' },
    el('div', { class: 'corner' }, 'All day'),
    el('div', { class: 'tracks' }, el('div', { class: 'cells' }, ...cells), el('div', { class: 'bars' }, ...bars)),
  )
}

/** @param {WeekView} view @param {{ days: number[], open: (event: EventView) => void }} given */
function hours(view, { days, open }) {
  const labels = Array.from({ length: 23 }, (_, index) => {
    const hour = index + 1
    return style(el('span', {}, `${hour % 12 === 0 ? 12 : hour % 12} ${hour < 12 ? 'am' : 'pm'}`), {
      at: String(hour * 60),
    })
  })
  const dayColumns = days.map((day) => dayColumn(view, { day, open }))
  return el(
    'div',
    { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Hours' },
    el('div', { class: 'hours' }, el('div', { class: 'gutter', 'aria-hidden': 'true' }, ...labels), ...dayColumns),
  )
}

/** @param {WeekView} view @param {{ day: number, open: (event: EventView) => void }} given */
function dayColumn(view, { day, open }) {
  /** @type {Piece[]} */
  const pieces = view.events.flatMap((event) =>
    event.pieces
      .filter((piece) => piece.day === day)
      .map((piece) => ({ ...piece, event, last: event.pieces.at(-1) === piece })),
  )
  const places = columnsOf(pieces)
  const buttons = pieces.map((piece) => {
    const { column, columns, width } = places.get(piece) ?? { column: 0, columns: 1, width: 1 }
    const button = eventButton(piece.event, open)
    if (piece.to - piece.from < 40) button.classList.add('short')
    if (piece.event.editable && piece.last) button.append(el('i', { class: 'handle', 'aria-hidden': 'true' }))
    return style(button, {
      from: String(piece.from),
      to: String(piece.to),
      column: String(column),
      columns: String(columns),
      width: String(column + width < columns ? width + overlap : width),
      lines: String(Math.max(1, Math.floor((((piece.to - piece.from) / 60) * hourPixels - 24) / linePixels))),
    })
  })
  const now = view.now?.day === day && style(el('div', { class: 'now' }), { at: String(view.now.minute) })
  const weekend = day > 4 ? 'weekend' : ''
  return el('div', { class: `column ${weekend}`, 'data-day': day }, ...buttons, now)
}

/** @param {EventView} event @param {(event: EventView) => void} open */
function eventButton(event, open) {
  const classes = [
    'event',
    event.allDay && 'bar',
    event.free && 'free',
    event.tentative && 'tentative',
    event.answer === 'declined' && 'declined',
    event.answer === 'needsAction' && 'unanswered',
    event.editable && 'movable',
  ]
  const button = el(
    'button',
    {
      class: classes.filter(Boolean).join(' '),
      type: 'button',
      'aria-label': event.label,
      'data-event-id': event.id,
      'data-calendar-id': event.calendarId,
      onclick: () => open(event),
    },
    el('b', { dir: 'auto' }, event.title),
    event.allDay ? null : ' ',
    event.allDay ? null : el('small', {}, event.time),
  )
  return style(button, { c: event.colour })
}
