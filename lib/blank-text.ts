/** Spaces, control and format characters, and letters that are blank, such as the Hangul filler. */
const blank = /^[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]*$/u

/** Whether nothing of the text can be seen. */
export const isBlank = (text: string): boolean => blank.test(text)
