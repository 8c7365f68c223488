// @ts-check
import { byId, el } from './dom.js'

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer

/**
 * Says what happened, with a way back when there is one.
 * @param {string} text
 * @param {(() => void)} [undo]
 */
export function showToast(text, undo) {
  const toast = byId('toast')
  const takeBack = () => {
    hide()
    undo?.()
  }
  const back = undo && el('button', { class: 'button', onclick: takeBack }, 'Undo')
  toast.replaceChildren(el('span', {}, text), back ?? '')
  toast.classList.add('on')
  clearTimeout(timer)
  timer = setTimeout(hide, undo ? 12_000 : 5_000)
}

function hide() {
  const toast = byId('toast')
  toast.classList.remove('on')
  toast.replaceChildren()
}
