// @ts-check
/** Answers at once: the hub times the way to this screen and back. */
export const ping = () => true;
