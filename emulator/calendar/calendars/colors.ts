type Color = { background: string; foreground: string }

const dark = (background: string): Color => ({ background, foreground: '#1d1d1d' })

export const CALENDAR_COLORS: Record<string, Color> = {
  1: dark('#ac725e'),
  2: dark('#d06b64'),
  3: dark('#f83a22'),
  4: dark('#fa573c'),
  5: dark('#ff7537'),
  6: dark('#ffad46'),
  7: dark('#42d692'),
  8: dark('#16a765'),
  9: dark('#7bd148'),
  10: dark('#b3dc6c'),
  11: dark('#fbe983'),
  12: dark('#fad165'),
  13: dark('#92e1c0'),
  14: dark('#9fe1e7'),
  15: dark('#9fc6e7'),
  16: dark('#4986e7'),
  17: dark('#9a9cff'),
  18: dark('#b99aff'),
  19: dark('#c2c2c2'),
  20: dark('#cabdbf'),
  21: dark('#cca6ac'),
  22: dark('#f691b2'),
  23: dark('#cd74e6'),
  24: dark('#a47ae2'),
}

export const EVENT_COLORS: Record<string, Color> = {
  1: dark('#a4bdfc'),
  2: dark('#7ae7bf'),
  3: dark('#dbadff'),
  4: dark('#ff887c'),
  5: dark('#fbd75b'),
  6: dark('#ffb878'),
  7: dark('#46d6db'),
  8: dark('#e1e1e1'),
  9: dark('#5484ed'),
  10: dark('#51b749'),
  11: dark('#dc2127'),
}
