// @ts-check
import { byId, el } from './dom.js'

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer

/**
 * Shows a message, with an Undo button if there is something to undo.
 * @param {string} text
 * @param {(() => void)} [undo]
 */
export function showToast(text, undo) {
  const toast = byId('toast')
  const undoAndHide = () => {
    hide()
    undo?.()
  }
  const button = undo && el('button', { class: 'button', onclick: undoAndHide }, 'Undo')
  toast.replaceChildren(el('span', {}, text), button ?? '')
  toast.classList.add('on')
  clearTimeout(timer)
  timer = setTimeout(hide, undo ? 12_000 : 5_000)
}

function hide() {
  const toast = byId('toast')
  toast.classList.remove('on')
  toast.replaceChildren()
}
