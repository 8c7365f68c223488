import type { Deed } from './commands.ts'

/**
 * The story without whatever it fails without as well: stretches first, then single deeds, then what happens during a look.
 * Deeds are only taken out, never changed: what is left happened in the story that was found.
 */
export const shorten = async (deeds: Deed[], fails: (deeds: Deed[]) => Promise<boolean>): Promise<Deed[]> => {
  let story = deeds
  const accept = async (shorter: Deed[]): Promise<boolean> => {
    const isEnough = await fails(shorter)
    if (isEnough) story = shorter
    return isEnough
  }
  for (let length = deeds.length; length > 1; ) {
    length = Math.ceil(length / 2)
    for (let start = story.length - length; start > -length; start -= length)
      await accept(story.toSpliced(Math.max(start, 0), Math.min(length, length + start)))
  }
  for (const place of story.keys()) {
    let plainer = plainerThan(story[place])
    for (let next = plainer.shift(); next; next = plainer.shift())
      if (await accept(story.with(place, next))) plainer = plainerThan(next)
  }
  return story
}

const plainerThan = (deed: Deed | undefined): Deed[] => {
  if (deed?.do !== 'look') return []
  const without = deed.meanwhile.map((_, n) => ({ ...deed, meanwhile: deed.meanwhile.toSpliced(n, 1) }))
  return deed.crash ? [{ ...deed, crash: null }, ...without] : without
}
