/** The version of this product, as the commands and the man pages tell it; a test holds it against package.json. */

export const version = "0.1.0";

/** The day of this version, for the man pages. */
export const versionDate = "2026-11-21";
