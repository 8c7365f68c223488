/** The other side of a clash. Staff who may not see its details get the title "Busy". */
export type Clash = {
  kind: 'appointment' | 'google'
  id: string
  title: string
  start: string
  end: string
  /** Members it concerns; empty means everyone. */
  memberIds: string[]
}
