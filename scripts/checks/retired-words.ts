import type { TextFile } from './tracked-files.ts'

/**
 * Words that docs/glossary.md replaced, written so that ordinary English is left alone, and what to
 * say instead.
 */
export const retiredWords: [pattern: RegExp, instead: string][] = [
  [/\b(?<!take |have )(?:a|an|each|every|this|another|quiet|second|next) looks?\b(?! at\b|s? like)/, 'sync run'],
  [/\blook(?:At|For|When|Again)[A-Z]\w*|\blookAt\b|"look again"/, 'sync run, refetch or refresh'],
  [/\bcopies\.\w|\b(?:CopyRow|copyRow|saveCopy|AppointmentWithCopy)\b|`copies`/, 'event mapping'],
  [/\bSeen\b(?=[\s,;}>)]*(?:$|[};,>)\]|=]))|\bseenBy\w+|\bcopies_\w+/, 'remote snapshot'],
  [/\bunheard\b|\bsaid(?:By|At|To)\w*|\b(?:is|are|was|were|been) said\b/, 'unacknowledged write'],
  [/\brung\b|\bdoorbells?\b|\bringing\b|\brings?\b(?! twice|[-/:])(?=.*[Gg]oogle)|\bbells?\b/, 'push notification'],
  [/\b(?:behind|outside|inside) (?:the|a|that) walls?\b|[bB]ehindWall|\bsecond wall\b|\bwalled\b/, 'tenant scope'],
  [/\b(?:inL|l)anes?(?:Of)?\b/, 'mapConcurrent (engine), column (grid)'],
  [/\b(?:story|stories|deeds?|weather|scenes?|setScene)\b/, 'scenario, command, environment or fixture'],
  [/\b(?:set)?[sS]tages?\b(?! \d)/, 'environment or setup'],
  [/\bstanding (?:answer|order)s?\b|\bstanding\.ts\b|\bstanding\(/, 'default answer; resolveEvent'],
  [/\binsist(?:s|ed|ing)?\b|\boverrul(?:e|es|ing)\b|\bhopeful(?:ly)?\b/, 'confirm, overwrite or optimistic'],
  [/\bbrakes?\b|\bbrake[A-Z]\w*/, 'mass-deletion guard'],
  [/\bnews\b|\bNews\b|\bannounce\(/, 'change kind; publish'],
  [/\btellers?\b|\b(?:is|are|was|were|be|been) told\b|\btold (?:of|about)\b/, 'log or notify'],
  [/\bleaving(?:Since|At|Of)\b|\bremove-leaving\b|\bwelcome[dB]? ?[bB]ack\b/, 'pending removal; reset'],
  [/(?<!`)\bunread\b/, 'needs refetch'],
  [/\bsightings?\b|\bfollowPresent\b/, 'remote change; apply remote'],
  [/\bstirs?\b|\bstirred\b|\bsync_marks\b|\bsyncMarks\b/, 'dirty version, clean before, sync requests'],
  [/\bjourneys?\b|\bdeparts?\b|\bdeparted\b|\bdeparture\b/, 'round trip, pipeline, flush'],
  [
    /\bunhurried\b|\bchances\b|\bChances\b|\beyes\b|\bEyes\b|\bbag\b|\bBag\b/,
    'throttle; { now, random }; visibility; record',
  ],
  [
    /\bconverse\b|\bnewTicket\b|\bdoors?\b|\bmend(?:s|ed|ing)?\b|\bquick-drizzle\b/,
    'next-auth call; OAuth state; patch',
  ],
]

/** Words that make bad subjects of a sentence; a few are fine. */
const vagueActors = /\b(?:nobody|somebody|whoever|anew)\b/gi
const vagueLimit = 30

export const checkRetiredWords = (files: TextFile[]): string[] =>
  files.flatMap(({ file, text }) =>
    [file, ...text.split('\n')].flatMap((line, index) =>
      retiredWords.flatMap(([pattern, instead]) => {
        const word = pattern.exec(line)?.[0]
        return word ? [`${file}:${index}: "${word.trim()}" is retired: ${instead}.`] : []
      }),
    ),
  )

export function checkVagueActors(files: TextFile[]): string[] {
  const places = files.flatMap(({ file, text }) =>
    text.split('\n').flatMap((line, index) => [...line.matchAll(vagueActors)].map(() => `${file}:${index + 1}`)),
  )
  if (places.length < vagueLimit) return []
  const rule = `nobody, somebody, whoever and anew occur ${places.length} times, ${vagueLimit - 1} at most.`
  return [`${rule} Name the actor instead: ${places.join(' ')}`]
}
