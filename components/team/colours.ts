/** The palette of `globals.css` in its order, 1–8. */
export const colourNames = ['Green', 'Violet', 'Orange', 'Blue', 'Pink', 'Mustard', 'Moss', 'Grey']

export const colourValue = (colour: number) => `var(--color-a${colour})`
