import { inGoogle } from '../chaos/google.ts'
import type { Model } from '../chaos/model.ts'
import { inSophiie } from '../chaos/sophiie.ts'
import { type Asking, changeCalendar, slotOf } from './prepare.ts'

/** What makes the product send a batch of each kind. */

/** From as many changes on, the product sends them in batches. */
const many = 9

const bookMany = (model: Model) => inSophiie(model, { do: 'book-many', slot: slotOf(model), assignees: model.serial })

const haveMany = async (model: Model) => {
  const booked = [...model.booked].filter((id) => !model.mayBeCancelled.has(id))
  if (booked.length >= many) return
  await bookMany(model)
  await model.fixture.sync()
}

const editMany = async (model: Model) => {
  await haveMany(model)
  await inSophiie(model, { do: 'edit-many', fields: ['title', 'notes'], assignees: 0 })
}

/** Every write is refused, in a batch and once more, and then the events are read. */
const editManyOnBothSides = async (model: Model) => {
  await editMany(model)
  for (let which = 0; which < model.booked.size; which++)
    inGoogle(model, { do: 'change-mapped', which, fields: ['title'], slot: slotOf(model), allDay: false })
}

const cancelMany = async (model: Model) => {
  await haveMany(model)
  await inSophiie(model, { do: 'cancel-many' })
}

const moveMany = async (model: Model) => {
  await haveMany(model)
  await changeCalendar(model)
}

const batch = { operation: 'batch', isBatch: true } as const

export const batchAskings = {
  'batch of inserts': { ...batch, prepare: bookMany },
  'batch of patches': { ...batch, prepare: editMany, runs: true },
  'batch of gets': { ...batch, prepare: editManyOnBothSides, runs: true, after: 2 },
  'batch of deletes': { ...batch, prepare: cancelMany, runs: true },
  'batch of gets from the old calendar': { ...batch, prepare: moveMany, runs: true },
  'batch of inserts into another calendar': { ...batch, prepare: moveMany, runs: true, after: 1 },
  'batch of removals': { ...batch, prepare: moveMany, runs: true, after: 2 },
} satisfies Record<string, Asking>
