/**
 * What stands between two text blocks of an answer, which are one text here: pieces of one go on as they are, a remark
 * on the way and the answer itself are parted by a blank line.
 *
 * @param told - any text went before.
 */
export const gapBefore = (told: boolean, before: string | undefined, phase: string | undefined): string =>
  told && before !== phase ? '\n\n' : '';
