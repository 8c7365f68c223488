// @ts-check

/**
 * @typedef {Node | string | null | undefined | false} Child
 * @typedef {string | number | boolean | null | undefined | ((event: any) => void)} AttributeValue
 * @typedef {Record<string, AttributeValue>} Attributes
 */

/**
 * Creates an element with attributes, listeners (`onclick: …`) and children; skips `false`, `null`
 * and `undefined`.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue
    if (typeof value === 'function') element.addEventListener(name.slice(2), value)
    else element.setAttribute(name, value === true ? '' : String(value))
  }
  for (const child of children) if (child) element.append(child)
  return element
}

/**
 * @template {HTMLElement} Type
 * @param {string} id
 * @returns {Type}
 */
export function byId(id) {
  return /** @type {Type} */ (document.getElementById(id))
}

/**
 * @param {HTMLElement} element
 * @param {Record<string, string>} properties custom properties without the leading dashes
 */
export function style(element, properties) {
  for (const [name, value] of Object.entries(properties)) element.style.setProperty(`--${name}`, value)
  return element
}
