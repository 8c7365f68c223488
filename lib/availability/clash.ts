/** What a clash is with. Staff who may not see details get the title "Busy". */
export type Clash = {
  kind: 'appointment' | 'google'
  id: string
  title: string
  start: string
  end: string
  /** Whom it concerns; empty = everyone. */
  memberIds: string[]
}
