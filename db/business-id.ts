declare const brand: unique symbol

/** The id of the viewer's own business. Only the session door and rows read under one make it. */
export type BusinessId = string & { readonly [brand]: 'BusinessId' }
