// @ts-check
import { el, style } from './dom.js'
import { clock, snap } from './layout.js'

/**
 * @typedef {{ id: string, calendarId: string }} Ref
 * @typedef {{
 *   move: (ref: Ref, by: { days: number, minutes: number }) => void
 *   resize: (ref: Ref, minutes: number) => void
 *   create: (
 *     span: { day: number, from: number, to: number } | { day: number, allDay: true },
 *   ) => void
 *   release: () => void
 * }} Drops
 * @typedef {{
 *   kind: 'move' | 'resize' | 'create'
 *   element: HTMLElement
 *   x: number
 *   y: number
 *   touch: boolean
 *   active: boolean
 *   longPress?: ReturnType<typeof setTimeout>
 *   days: number
 *   minutes: number
 *   end: number
 *   ghost?: HTMLElement
 * }} Gesture
 */

const step = 15
const dragThreshold = 4
const longPressMilliseconds = 350

/**
 * Whether a pointer is down on the week, which must not be redrawn. `release` is called when
 * the gesture ends without a drop.
 */
export const dragging = { now: false }

/**
 * Moves, resizes and creates events with any pointer. Touch scrolls, except after a long press;
 * Escape cancels.
 * @param {HTMLElement} root
 * @param {Drops} drops
 */
export function wireDrag(root, drops) {
  /** @type {Gesture | undefined} */
  let gesture

  const finish = () => {
    clearTimeout(gesture?.longPress)
    gesture?.ghost?.remove()
    gesture?.element.classList.remove('dragged')
    document.body.classList.remove('dragging')
    dragging.now = false
    gesture = undefined
  }
  const release = () => {
    finish()
    // Let the click event of this pointer come first.
    setTimeout(drops.release, 0)
  }
  const cancel = () => {
    gesture?.element.style.removeProperty('transform')
    if (gesture?.kind === 'resize') style(gesture.element, { to: String(gesture.end) })
    release()
  }
  /** @param {Gesture} begun */
  const activate = (begun) => {
    begun.active = true
    document.body.classList.add('dragging')
    begun.element.classList.toggle('dragged', begun.kind !== 'create')
    navigator.vibrate?.(10)
  }

  root.addEventListener('pointerdown', (event) => {
    const started = begin(event)
    if (!started) return
    gesture = started
    dragging.now = true
    if (started.touch) started.longPress = setTimeout(() => activate(started), longPressMilliseconds)
  })
  window.addEventListener('pointermove', (event) => {
    if (!gesture) return
    if (!gesture.active && Math.hypot(event.clientX - gesture.x, event.clientY - gesture.y) > dragThreshold) {
      if (gesture.touch) return cancel()
      activate(gesture)
    }
    if (gesture.active) follow(gesture, event)
  })
  window.addEventListener('pointerup', (event) => {
    if (!gesture) return
    const ended = gesture
    const onColumn = ended.kind === 'create' && root.contains(/** @type {Node} */ (event.target))
    if (!ended.active) release()
    else {
      swallowClick()
      finish()
    }
    if (ended.active || onColumn) drop(ended, drops)
  })
  window.addEventListener('pointercancel', cancel)
  window.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !gesture) return
    if (gesture.active) window.addEventListener('pointerup', swallowClick, { once: true })
    cancel()
  })
  root.addEventListener('touchmove', (event) => gesture?.active && event.preventDefault(), { passive: false })
  root.addEventListener('contextmenu', (event) => gesture?.touch && event.preventDefault())
}

/** Suppresses the click event that follows a drag. */
function swallowClick() {
  const stop = (/** @type {Event} */ event) => event.stopPropagation()
  window.addEventListener('click', stop, { capture: true, once: true })
  setTimeout(() => window.removeEventListener('click', stop, { capture: true }), 0)
}

/** @param {PointerEvent} event @returns {Gesture | undefined} */
function begin(event) {
  const target = /** @type {HTMLElement} */ (event.target)
  if (event.button !== 0) return
  const base = {
    x: event.clientX,
    y: event.clientY,
    touch: event.pointerType === 'touch',
    active: false,
    days: 0,
    minutes: 0,
    end: 0,
  }
  const eventElement = /** @type {HTMLElement | null} */ (target.closest('.event'))
  if (eventElement) {
    if (!eventElement.classList.contains('movable')) return
    const end = Number(eventElement.style.getPropertyValue('--to'))
    return { ...base, kind: target.closest('.handle') ? 'resize' : 'move', element: eventElement, end }
  }
  const empty = /** @type {HTMLElement | null} */ (target.closest('.column, .cell'))
  return empty ? { ...base, kind: 'create', element: empty } : undefined
}

/** @param {HTMLElement} element @param {number} pixels down */
function minutesFor(element, pixels) {
  const column = /** @type {HTMLElement} */ (element.closest('.column'))
  return (pixels / column.getBoundingClientRect().height) * 1440
}

/** @param {Gesture} gesture @param {PointerEvent} event */
function follow(gesture, event) {
  const { element, kind } = gesture
  const across = event.clientX - gesture.x
  const down = event.clientY - gesture.y
  if (element.classList.contains('cell')) return
  if (kind === 'create') return stretch(gesture, event)
  if (element.classList.contains('bar')) {
    const cell = /** @type {HTMLElement} */ (document.querySelector('.cell'))
    gesture.days = Math.round(across / cell.offsetWidth)
    element.style.transform = `translateX(${gesture.days * cell.offsetWidth}px)`
    return
  }
  const column = /** @type {HTMLElement} */ (element.closest('.column'))
  gesture.minutes = snap(minutesFor(element, down), step)
  const from = Number(element.style.getPropertyValue('--from'))
  if (kind === 'resize') {
    const down = Math.max(gesture.minutes, from + step - gesture.end)
    gesture.minutes = down
    element.style.setProperty('--to', String(gesture.end + down))
    label(element, from, gesture.end + down)
    return
  }
  gesture.days = clampDays(column, Math.round(across / column.offsetWidth))
  const pixels = (gesture.minutes / 1440) * column.offsetHeight
  element.style.transform = `translate(${gesture.days * column.offsetWidth}px, ${pixels}px)`
  label(element, from + gesture.minutes, gesture.end + gesture.minutes)
}

/** @param {HTMLElement} column @param {number} days */
function clampDays(column, days) {
  const columns = [...document.querySelectorAll('.column')]
  const index = columns.indexOf(column)
  return Math.min(Math.max(days, -index), columns.length - 1 - index)
}

/** @param {HTMLElement} element @param {number} from @param {number} to */
function label(element, from, to) {
  const small = element.querySelector('small')
  if (small) small.textContent = `${clock((from + 1440) % 1440)} – ${clock((to + 1440) % 1440)}`
}

/** @param {Gesture} gesture @param {PointerEvent} event */
function stretch(gesture, event) {
  const { element } = gesture
  const top = element.getBoundingClientRect().top
  const at = (/** @type {number} */ y) => snap(minutesFor(element, y - top), step)
  const from = Math.max(0, Math.min(at(gesture.y), at(event.clientY)))
  const to = Math.min(1440, Math.max(at(gesture.y), at(event.clientY), from + step))
  if (!gesture.ghost) {
    gesture.ghost = el('div', { class: 'ghost' })
    element.append(gesture.ghost)
  }
  style(gesture.ghost, { from: String(from), to: String(to) }).textContent = `${clock(from)} – ${clock(to)}`
  gesture.days = from
  gesture.minutes = to
}

/** @param {Gesture} gesture @param {Drops} drops */
function drop(gesture, drops) {
  const { kind, element, days, minutes } = gesture
  const ref = { id: element.dataset.eventId ?? '', calendarId: element.dataset.calendarId ?? '' }
  if (kind === 'move' && (days !== 0 || minutes !== 0)) drops.move(ref, { days, minutes })
  if (kind === 'resize' && minutes !== 0) drops.resize(ref, minutes)
  if (kind !== 'create') return
  const day = Number(element.dataset.day)
  if (element.classList.contains('cell')) drops.create({ day, allDay: true })
  else if (gesture.active) drops.create({ day, from: days, to: minutes })
  else {
    const half = Math.floor(minutesFor(element, gesture.y - element.getBoundingClientRect().top) / 30) * 30
    drops.create({ day, from: half, to: Math.min(1440, half + 60) })
  }
}
