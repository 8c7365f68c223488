import type { BusinessId } from '#db/business-id.ts'

export type Role = 'owner' | 'staff'

/** The member who makes the request, read from the database each time. */
export type Viewer = {
  userId: string
  memberId: string
  businessId: BusinessId
  businessName: string
  timeZone: string
  name: string
  email: string
  role: Role
}

export type Member = {
  id: string
  name: string
  email: string
  role: Role
  /** 1–8, an index into the palette. */
  colour: number
  active: boolean
}
