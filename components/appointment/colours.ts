/** The palette of `globals.css` by a member's colour, 1–8; grey without a member. */
export const colourOf = (colour: number | undefined) =>
  colour ? `var(--color-a${((colour - 1) % 8) + 1})` : 'var(--color-ink-3)'

/** The left edge of an event: equal stripes, one per assignee. */
export const edgeOf = (colours: readonly string[]) => {
  if (colours.length < 2) return colours[0] ?? colourOf(undefined)
  const part = 100 / colours.length
  const stops = colours.map((colour, i) => `${colour} ${i * part}% ${(i + 1) * part}%`)
  return `linear-gradient(${stops.join(', ')})`
}
