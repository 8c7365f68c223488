declare const brand: unique symbol

/**
 * The id of the viewer's own business. Only the session check and rows read under one produce it.
 */
export type BusinessId = string & { readonly [brand]: 'BusinessId' }
