import { eq } from 'drizzle-orm'
import type { BusinessId } from '../business-id.ts'
import type { Db, Tx } from '../client.ts'
import { type AppointmentsGo, businesses } from '../schema/business.ts'

const select = (db: Db | Tx, businessId: BusinessId) =>
  db.select({ appointmentsGo: businesses.appointmentsGo }).from(businesses).where(eq(businesses.id, businessId))

const only = (rows: { appointmentsGo: AppointmentsGo }[]): AppointmentsGo => {
  const [row] = rows
  if (!row) throw new Error('The business of a signed-in member is gone.')
  return row.appointmentsGo
}

export const readAppointmentsGo = async (db: Db | Tx, businessId: BusinessId): Promise<AppointmentsGo> =>
  only(await select(db, businessId))

export const lockAppointmentsGo = async (tx: Tx, businessId: BusinessId): Promise<AppointmentsGo> =>
  only(await select(tx, businessId).for('no key update'))

export const updateAppointmentsGo = async (tx: Tx, businessId: BusinessId, appointmentsGo: AppointmentsGo) => {
  await tx.update(businesses).set({ appointmentsGo }).where(eq(businesses.id, businessId))
}
