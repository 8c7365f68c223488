/** Pointer gestures on the day: mouse and pen move at once, a finger after a long press. */

/** Viewport coordinates. */
export type Position = { x: number; y: number }

export type GestureHost<Gesture> = {
  /** What a press on `target` would drag, or null. */
  gestureAt: (target: Element, at: Position) => Gesture | null
  /** The pointer is at `at`, or the content has scrolled below it. */
  onDrag: (gesture: Gesture, at: Position) => void
  /** `moved`: since the gesture began. */
  onDrop: (gesture: Gesture, moved: boolean) => void
  onCancel: () => void
  /** A click that is not the end of a gesture. */
  onClick: (target: Element, at: Position) => void
  /** Whether a finger drags at once from `target`. */
  isHandle: (target: Element) => boolean
}

const longPressMs = 350
const tolerance = { mouse: 5, touch: 10 }
/** Near an edge of the scroller, a drag scrolls it. */
const edge = { size: 36, step: 9 }

type Press<Gesture> = { gesture: Gesture; pointerId: number; isTouch: boolean; from: Position; at: Position }

/** Returns a function that ends listening. `insets`: what covers the edges of the scroller. */
export const listenToGestures = <Gesture>(
  scroller: HTMLElement,
  host: GestureHost<Gesture>,
  insets: () => { top: number; left: number },
): (() => void) => {
  let press: Press<Gesture> | null = null
  let [isDragging, hasMoved, isClickOfDrag] = [false, false, false]
  let timer: ReturnType<typeof setTimeout> | undefined
  let frame = 0

  const reset = () => {
    clearTimeout(timer)
    cancelAnimationFrame(frame)
    if (press && scroller.hasPointerCapture(press.pointerId)) scroller.releasePointerCapture(press.pointerId)
    delete scroller.dataset.dragging
    ;[press, isDragging, hasMoved] = [null, false, false]
  }

  const begin = () => {
    if (!press) return
    isDragging = true
    scroller.setPointerCapture(press.pointerId)
    scroller.dataset.dragging = ''
    host.onDrag(press.gesture, press.at)
    frame = requestAnimationFrame(scrollAtEdge)
  }

  const scrollAtEdge = () => {
    if (!press) return
    const { x, y } = scrollBy(press.at, scroller.getBoundingClientRect(), insets())
    const before = [scroller.scrollLeft, scroller.scrollTop]
    if (hasMoved && (x !== 0 || y !== 0)) scroller.scrollBy(x, y)
    if (scroller.scrollLeft !== before[0] || scroller.scrollTop !== before[1]) host.onDrag(press.gesture, press.at)
    frame = requestAnimationFrame(scrollAtEdge)
  }

  const onDown = (event: PointerEvent) => {
    isClickOfDrag = false
    if (press || !event.isPrimary || event.button !== 0 || !(event.target instanceof Element)) return
    const at = { x: event.clientX, y: event.clientY }
    const gesture = host.gestureAt(event.target, at)
    if (!gesture) return
    const isTouch = event.pointerType === 'touch'
    press = { gesture, isTouch, pointerId: event.pointerId, from: at, at }
    if (isTouch && host.isHandle(event.target)) begin()
    else if (isTouch) timer = setTimeout(begin, longPressMs)
  }

  const onMove = (event: PointerEvent) => {
    if (event.pointerId !== press?.pointerId) return
    press.at = { x: event.clientX, y: event.clientY }
    const { isTouch, from, at, gesture } = press
    const isFar = Math.hypot(at.x - from.x, at.y - from.y) >= tolerance[isTouch ? 'touch' : 'mouse']
    if (isDragging) {
      hasMoved ||= isFar
      return host.onDrag(gesture, at)
    }
    if (!isFar) return
    // The finger scrolls.
    if (isTouch) return reset()
    hasMoved = true
    begin()
  }

  const onUp = (event: PointerEvent) => {
    if (event.pointerId !== press?.pointerId) return
    const [{ gesture }, moved, dragged] = [press, hasMoved, isDragging]
    reset()
    if (!dragged) return
    isClickOfDrag = true
    host.onDrop(gesture, moved)
  }

  const cancel = () => {
    const dragged = isDragging
    reset()
    if (dragged) host.onCancel()
  }

  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !isDragging) return
    event.stopPropagation()
    isClickOfDrag = true
    cancel()
  }

  const onClick = (event: MouseEvent) => {
    // A press of Enter has no detail.
    const isIgnored = isClickOfDrag && event.detail > 0
    isClickOfDrag = false
    if (!isIgnored && event.target instanceof Element)
      host.onClick(event.target, { x: event.clientX, y: event.clientY })
  }

  /** Once the long press is over, the finger no longer scrolls. */
  const onTouchMove = (event: TouchEvent) => isDragging && event.cancelable && event.preventDefault()
  const onContextMenu = (event: Event) => press?.isTouch && event.preventDefault()

  const abort = new AbortController()
  const { signal } = abort
  scroller.addEventListener('pointerdown', onDown, { signal })
  scroller.addEventListener('pointermove', onMove, { signal })
  scroller.addEventListener('pointerup', onUp, { signal })
  scroller.addEventListener('pointercancel', cancel, { signal })
  scroller.addEventListener('click', onClick, { signal })
  scroller.addEventListener('touchmove', onTouchMove, { signal, passive: false })
  scroller.addEventListener('contextmenu', onContextMenu, { signal })
  window.addEventListener('keydown', onKey, { signal, capture: true })
  return () => {
    cancel()
    abort.abort()
  }
}

type Box = { left: number; right: number; top: number; bottom: number }

const scrollBy = ({ x, y }: Position, box: Box, inset: { top: number; left: number }): Position => ({
  x: stepAt(x, box.left + inset.left, box.right),
  y: stepAt(y, box.top + inset.top, box.bottom),
})

const stepAt = (at: number, first: number, last: number) =>
  at < first + edge.size ? -edge.step : at > last - edge.size ? edge.step : 0
